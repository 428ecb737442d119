package org.ongsung.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.ongsung.model.FileOperation;

/// File operations on their way into the stores: what gathers while a batch is written is the next
/// batch.
///
/// Any thread may add; batches are kept on a virtual thread, one at a time and in order.
final class OperationQueue {
  private final RecordingEngine engine;
  private final Consumer<List<FileOperation>> keep;
  private final Consumer<Exception> fail;
  private final Runnable roomAgain;

  // Guarded by this.
  private List<FileOperation> waiting = new ArrayList<>(0);
  private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);

  OperationQueue(
      RecordingEngine engine,
      Consumer<List<FileOperation>> keep,
      Consumer<Exception> fail,
      Runnable roomAgain) {
    this.engine = engine;
    this.keep = keep;
    this.fail = fail;
    this.roomAgain = roomAgain;
  }

  /// Adds an operation; fails the recorder when far too many wait.
  void add(FileOperation operation) {
    boolean tooMany;
    synchronized (this) {
      tooMany = waiting.size() >= engine.limits().operationsHard();
      if (!tooMany) {
        waiting.add(operation);
        if (idle.isDone()) {
          idle = new CompletableFuture<>();
          engine.blocking().execute(this::keepAll);
        }
      }
    }
    if (tooMany) {
      fail.accept(new RecordUnavailableException("too many file operations wait to be recorded"));
    }
  }

  synchronized boolean hasRoom() {
    return waiting.size() < engine.limits().operationsHigh();
  }

  /// Waits until everything that was added is kept or has failed.
  void await() {
    CompletableFuture<Void> done;
    synchronized (this) {
      done = idle;
    }
    done.join();
  }

  private void keepAll() {
    try {
      for (List<FileOperation> batch = take(); !batch.isEmpty(); batch = take()) {
        keep.accept(batch);
        roomAgain.run();
      }
    } catch (RuntimeException e) {
      synchronized (this) {
        waiting = new ArrayList<>(0);
        idle.complete(null);
      }
      fail.accept(e);
    }
  }

  private synchronized List<FileOperation> take() {
    int batch = engine.limits().operationsBatch();
    List<FileOperation> taken = waiting;
    if (taken.size() > batch) {
      taken = List.copyOf(waiting.subList(0, batch));
      waiting = new ArrayList<>(waiting.subList(batch, waiting.size()));
    } else {
      waiting = new ArrayList<>(0);
    }
    if (taken.isEmpty()) {
      idle.complete(null);
    }
    return taken;
  }
}
