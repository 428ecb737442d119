package org.ongsung.gateway.via;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.HostAndPort;

/// A stream of bytes to a target and back, over a TCP connection that a worker holds.
///
/// What goes to the target is kept until the worker says that it has taken it, what comes from
/// there until it was read; both are bounded, and whoever is faster waits. Each byte has its place
/// in the stream, so that the worker can say everything twice after a break, and nothing is lost or
/// doubled.
///
/// Threads: any. One writes at a time, one reads.
public final class Passage implements AutoCloseable {
  /// What the worker takes at once. Whoever gets it owns the bytes.
  public static final class Piece {
    private final byte[] bytes;
    private final Ending ending;

    Piece(byte[] bytes, Ending ending) {
      this.bytes = bytes;
      this.ending = ending;
    }

    public byte[] bytes() {
      return bytes;
    }

    /// What comes after these bytes, as far as is known.
    public Ending ending() {
      return ending;
    }
  }

  /// What comes next on the way to the target.
  public enum Ending {
    /// More, sooner or later.
    OPEN,
    /// Nothing: our side has said all.
    FINISHED,
    /// Nothing either way: the connection is to be closed.
    CLOSED
  }

  /// How the way from the target has ended.
  public enum End {
    FINISHED,
    /// The connection broke.
    RESET
  }

  private final String id;
  private final String worker;
  private final HostAndPort address;
  private final Passages desk;
  private final CompletableFuture<Passage> dialled = new CompletableFuture<>();

  // Guarded by this.
  private final Window out;
  private final Window in;
  private @Nullable String process;
  private long heardNanos = System.nanoTime();
  private long closedNanos;
  private long takes;
  private boolean outFinished;
  private boolean closed;
  private boolean lost;
  private @Nullable End inEnd;

  Passage(String id, String worker, HostAndPort address, Passages desk, int bufferBytes) {
    this.id = id;
    this.worker = worker;
    this.address = address;
    this.desk = desk;
    this.out = new Window(bufferBytes);
    this.in = new Window(bufferBytes);
  }

  /// Names it to its worker.
  public String id() {
    return id;
  }

  /// The worker that holds the connection.
  public String worker() {
    return worker;
  }

  /// Where it goes.
  public HostAndPort address() {
    return address;
  }

  /// Whether the worker was lost, or the passage at the worker.
  public synchronized boolean isLost() {
    return lost;
  }

  CompletableFuture<Passage> dialled() {
    return dialled;
  }

  // Our side.

  /// Reads what came from the target. Blocks.
  ///
  /// @param millis at most so long; 0 for as long as it takes
  /// @return how many bytes; -1 at the end
  /// @throws SocketTimeoutException when there was nothing in that time
  public synchronized int read(byte[] into, int offset, int length, long millis)
      throws IOException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (in.length() == 0) {
      if (lost || inEnd == End.RESET) {
        throw new SocketException(lost ? "the worker was lost" : "the connection was reset");
      }
      if (closed) {
        throw new SocketException("closed");
      }
      if (inEnd != null) {
        return -1;
      }
      long left = millis == 0 ? Long.MAX_VALUE : until - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException("nothing came within " + millis + " ms");
      }
      await(left);
    }
    int count = in.copy(in.start(), into, offset, length);
    in.dropTo(in.start() + count);
    notifyAll();
    return count;
  }

  /// How much can be read at once.
  public synchronized int available() {
    return in.length();
  }

  /// Sends to the target. Blocks while the worker takes no more.
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (lost || closed || outFinished) {
        throw new SocketException(lost ? "the worker was lost" : "closed");
      }
      int count = Math.min(length - done, out.room());
      if (count == 0) {
        await(Long.MAX_VALUE);
      } else {
        out.add(bytes, offset + done, count);
        done += count;
        notifyAll();
      }
    }
  }

  /// Says that nothing more goes to the target.
  public synchronized void finish() {
    outFinished = true;
    notifyAll();
  }

  /// Ends both ways. What was written still goes to the target, for a while.
  @Override
  public void close() {
    boolean over;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      outFinished = true;
      closedNanos = System.nanoTime();
      in.dropTo(in.end());
      over = !dialled.isDone() || dialled.isCompletedExceptionally();
      notifyAll();
    }
    if (over) {
      desk.forget(this);
    }
  }

  /// This passage for whoever works with sockets; closing it closes the passage.
  public Socket socket() {
    return new PassageSocket(this);
  }

  @SuppressWarnings("WaitNotInLoop") // its callers loop
  private void await(long nanos) throws IOException {
    try {
      wait(nanos == Long.MAX_VALUE ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while a passage was waited for");
    }
  }

  // The worker's side.

  /// Gives it to a process of the worker, if it has none.
  ///
  /// @return whether it is that process's
  synchronized boolean takenBy(String asking) {
    if (process == null && !closed) {
      process = asking;
    }
    return asking.equals(process);
  }

  synchronized boolean isOf(String asking) {
    return asking.equals(process);
  }

  synchronized boolean wasTaken() {
    return process != null;
  }

  synchronized void heard() {
    heardNanos = System.nanoTime();
  }

  /// Gives the bytes from `from` on, and forgets those before: the worker has passed them on.
  ///
  /// @param patience how long to wait for some
  Piece take(long from, int most, Duration patience)
      throws PassageGoneException, PassageConflictException, InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    Piece piece;
    synchronized (this) {
      heardNanos = System.nanoTime();
      check(from >= out.start() && from <= out.end(), from, out);
      out.dropTo(from);
      notifyAll();
      long turn = ++takes;
      while (!lost && turn == takes && out.length() == 0 && !outFinished) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          break;
        }
        wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      }
      if (lost) {
        throw new PassageGoneException();
      }
      byte[] bytes = new byte[turn == takes ? Math.min(most, out.length()) : 0];
      out.copy(from, bytes, 0, bytes.length);
      boolean over = turn == takes && out.length() == 0 && outFinished;
      piece = new Piece(bytes, over ? closed ? Ending.CLOSED : Ending.FINISHED : Ending.OPEN);
    }
    if (piece.ending() == Ending.CLOSED) {
      desk.forget(this);
    }
    return piece;
  }

  /// Takes bytes of the target, as far as there is room for them within `patience`.
  ///
  /// @param from the place of the first
  /// @param end how the stream ends behind them; null when it goes on
  /// @return the place up to which all are taken
  synchronized long put(long from, byte[] bytes, @Nullable End end, Duration patience)
      throws PassageGoneException, PassageConflictException, InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    heardNanos = System.nanoTime();
    while (true) {
      if (lost || closed) {
        throw new PassageGoneException();
      }
      long known = in.end() - from;
      check(known >= 0, from, in);
      if (known >= bytes.length) {
        break;
      }
      int count = Math.min(in.room(), (int) (bytes.length - known));
      if (count > 0) {
        in.add(bytes, (int) known, count);
        notifyAll();
      } else {
        long left = until - System.nanoTime();
        if (left <= 0) {
          return in.end();
        }
        wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      }
    }
    if (end != null && inEnd == null && in.end() == from + bytes.length) {
      inEnd = end;
      notifyAll();
    }
    return in.end();
  }

  private static void check(boolean follows, long from, Window window)
      throws PassageConflictException {
    if (!follows) {
      throw new PassageConflictException(
          "bytes from " + from + " on, where those from " + window.end() + " on come next");
    }
  }

  /// Whether its worker was silent for too long, or took too long over the last bytes.
  synchronized boolean isOver(PassageLimits limits, long now) {
    return now - heardNanos > limits.resume().toNanos()
        || (closed && now - closedNanos > limits.linger().toNanos());
  }

  synchronized void lose() {
    lost = !closed;
    closed = true;
    outFinished = true;
    dialled.completeExceptionally(new PassageGoneException());
    notifyAll();
  }

  @Override
  public String toString() {
    return "passage by " + worker + " to " + address;
  }
}
