package org.ongsung.fastcgi.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Writes to one connection, one batch of whole records after the other: a response comes from its
/// handler's thread while an answer to a management record comes from the reader.
///
/// It holds at most one batch of a response (Jetty waits for each) and the replies of the limits.
final class Outbox {
  private final EndPoint endPoint;
  private final int replyLimit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Batch> waiting = new ArrayDeque<>();
  private @Nullable Batch writing;
  private @Nullable Throwable failure;
  private int replies;

  Outbox(EndPoint endPoint, int replyLimit) {
    this.endPoint = endPoint;
    this.replyLimit = replyLimit;
  }

  /// Writes; `callback` learns when the last byte is with the operating system.
  void send(Callback callback, ByteBuffer... buffers) {
    enqueue(new Batch(callback, buffers, false));
  }

  /// Writes an answer that nobody waits for.
  ///
  /// @return false when too many wait already because the peer does not read
  boolean reply(ByteBuffer record) {
    lock.lock();
    try {
      if (replies == replyLimit) {
        return false;
      }
      replies++;
    } finally {
      lock.unlock();
    }
    enqueue(new Batch(Callback.NOOP, new ByteBuffer[] {record}, true));
    return true;
  }

  /// Gives up what is being written and what waits.
  void cancel(Throwable cause) {
    Callback pending = endPoint.cancelWrite(cause);
    if (pending != null) {
      pending.failed(cause);
    }
    fail(cause);
  }

  private void enqueue(Batch batch) {
    Throwable failed;
    lock.lock();
    try {
      failed = failure;
      if (failed == null) {
        if (writing != null) {
          waiting.add(batch);
          return;
        }
        writing = batch;
      }
    } finally {
      lock.unlock();
    }
    if (failed == null) {
      endPoint.write(batch, batch.buffers);
    } else {
      batch.callback.failed(new IOException("the connection is broken", failed));
    }
  }

  private void written(Batch batch) {
    Batch next;
    lock.lock();
    try {
      if (batch.reply) {
        replies--;
      }
      next = waiting.poll();
      writing = next;
    } finally {
      lock.unlock();
    }
    if (next != null) {
      endPoint.write(next, next.buffers);
    }
  }

  private void fail(Throwable cause) {
    List<Batch> lost;
    lock.lock();
    try {
      failure = failure == null ? cause : failure;
      lost = new ArrayList<>(waiting);
      waiting.clear();
      writing = null;
    } finally {
      lock.unlock();
    }
    lost.forEach(batch -> batch.callback.failed(cause));
  }

  private final class Batch implements Callback {
    private final Callback callback;
    private final ByteBuffer[] buffers;
    private final boolean reply;

    Batch(Callback callback, ByteBuffer[] buffers, boolean reply) {
      this.callback = callback;
      this.buffers = buffers;
      this.reply = reply;
    }

    @Override
    public void succeeded() {
      written(this);
      callback.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
      fail(cause);
      callback.failed(cause);
    }

    @Override
    public InvocationType getInvocationType() {
      return callback.getInvocationType();
    }
  }
}
