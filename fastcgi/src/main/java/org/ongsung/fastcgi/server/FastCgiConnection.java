package org.ongsung.fastcgi.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;
import org.ongsung.fastcgi.FastCgiLimits;
import org.ongsung.fastcgi.wire.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection of a front server: reads records, starts requests one after the other, and ends
/// them.
///
/// It goes on reading while a request is handled, so that it sees the front server hang up or
/// abort, and stops only while a body's reader has to catch up or the next request waits for this
/// one's end. One thread reads at a time: the selector's, or, for a body, the handler's.
final class FastCgiConnection extends AbstractConnection {
  private static final Logger LOG = LoggerFactory.getLogger(FastCgiConnection.class);

  /// How long the rest of an unwanted body may make us wait before the connection is closed.
  private static final long LINGER_MILLIS = 5_000;

  private enum Reading {
    /// Some thread reads and parses.
    ACTIVE,
    /// The selector will tell when there is something to read.
    AWAITING,
    /// Nobody reads until [#resumeReading].
    PAUSED,
    CLOSED
  }

  private final Connector connector;
  private final HttpConfiguration http;
  private final FastCgiLimits limits;
  private final Outbox outbox;
  private final RequestIntake intake;
  private final ByteBuffer input;
  private final ReentrantLock lock = new ReentrantLock();
  // Of whoever reads.
  private @Nullable Runnable handling;
  private Reading reading = Reading.AWAITING;
  private @Nullable FastCgiStream current;
  private boolean lastRequest;

  FastCgiConnection(
      Connector connector,
      EndPoint endPoint,
      HttpConfiguration http,
      FastCgiLimits limits,
      int inputBufferBytes) {
    super(endPoint, connector.getExecutor());
    this.connector = connector;
    this.http = http;
    this.limits = limits;
    this.outbox = new Outbox(endPoint, limits.waitingReplies());
    this.intake = new RequestIntake(this);
    this.input = BufferUtil.allocateDirect(inputBufferBytes);
  }

  String id() {
    return "fcgi-" + Integer.toHexString(System.identityHashCode(this));
  }

  Connector connector() {
    return connector;
  }

  HttpConfiguration httpConfiguration() {
    return http;
  }

  FastCgiLimits limits() {
    return limits;
  }

  Outbox outbox() {
    return outbox;
  }

  /// The request that is being handled or whose end is being sent.
  @Nullable FastCgiStream current() {
    lock.lock();
    try {
      return current;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onOpen() {
    super.onOpen();
    fillInterested(fillable);
  }

  @Override
  public void onFillable() {
    lock.lock();
    try {
      if (reading == Reading.CLOSED) {
        return;
      }
      reading = Reading.ACTIVE;
    } finally {
      lock.unlock();
    }
    readOn();
  }

  private final Callback fillable =
      new Callback() {
        @Override
        public void succeeded() {
          onFillable();
        }

        @Override
        public void failed(Throwable cause) {
          hangUp(cause);
        }

        @Override
        public InvocationType getInvocationType() {
          return InvocationType.NON_BLOCKING;
        }
      };

  /// Reads and parses until there is nothing to read or somebody must catch up first.
  private void readOn() {
    try {
      parseOn();
    } catch (IOException | RuntimeException e) {
      LOG.debug("{}: reading failed", id(), e);
      startHandling();
      hangUp(e);
    }
  }

  private void parseOn() throws IOException {
    boolean more = true;
    while (true) {
      switch (intake.parse(input)) {
        case CLOSE -> {
          startHandling();
          hangUp(new EofException("closed here"));
          return;
        }
        case WAIT -> {
          startHandling();
          if (paused()) {
            return;
          }
        }
        case NEED_INPUT -> {
          if (!more) {
            startHandling();
            awaitInput();
            return;
          }
          int filled = getEndPoint().fill(input);
          if (filled < 0) {
            startHandling();
            hangUp(new EofException("the front server hung up"));
            return;
          }
          more = filled > 0 && BufferUtil.space(input) == 0;
        }
      }
    }
  }

  /// Has a request handled, once what has come of it by now is parsed: mostly all of it, so that
  /// its handler and the reader do not meet at its end.
  void handle(@Nullable Runnable task) {
    handling = task;
  }

  void startHandling() {
    Runnable task = handling;
    handling = null;
    run(task);
  }

  private void awaitInput() {
    lock.lock();
    try {
      if (reading == Reading.CLOSED) {
        return;
      }
      reading = Reading.AWAITING;
    } finally {
      lock.unlock();
    }
    fillInterested(fillable);
  }

  /// @return false when there is no more reason to wait
  private boolean paused() {
    lock.lock();
    try {
      if (reading == Reading.CLOSED) {
        return true;
      }
      boolean wait = mustWait(current);
      if (wait) {
        reading = Reading.PAUSED;
      }
      return wait;
    } finally {
      lock.unlock();
    }
  }

  /// Whether the reader must rest: the next request waits for `stream`, or its body for its reader.
  boolean mustWait(@Nullable FastCgiStream stream) {
    return stream != null && (intake.hasNext() || stream.body().isFull());
  }

  /// Reads on if reading rests, on this thread.
  ///
  /// @return false when somebody else reads or will
  boolean resumeReading() {
    if (!takeUpReading()) {
      return false;
    }
    readOn();
    return true;
  }

  /// Reads on if reading rests, on another thread: for callers that hold locks.
  void resumeReadingLater() {
    if (takeUpReading()) {
      getExecutor().execute(this::readOn);
    }
  }

  private boolean takeUpReading() {
    lock.lock();
    try {
      if (reading != Reading.PAUSED || mustWait(current)) {
        return false;
      }
      reading = Reading.ACTIVE;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Makes `stream` the current request.
  void begin(FastCgiStream stream) {
    lock.lock();
    try {
      current = stream;
    } finally {
      lock.unlock();
    }
  }

  /// Runs what Jetty gave: here when it cannot block, otherwise on a thread for that.
  void run(@Nullable Runnable task) {
    if (task == null) {
      return;
    }
    if (Invocable.getInvocationType(task) == InvocationType.NON_BLOCKING) {
      task.run();
    } else {
      VirtualThreads.getExecutor(connector.getExecutor()).execute(task);
    }
  }

  /// A request is over: Jetty has sent all of the response, or has failed to.
  void completed(FastCgiStream stream, @Nullable Throwable failure) {
    stream.channel().recycle();
    stream.body().drop();
    boolean answered = failure == null || stream.isEndSent();
    if (!answered && !stream.isAborted()) {
      cut(failure == null ? new EofException("not answered") : failure);
      return;
    }
    if (!stream.isEndSent()) {
      stream.sendAbortedEnd();
    }
    lock.lock();
    try {
      current = null;
      lastRequest = !stream.keepConnection() || connector.isShutdown();
    } finally {
      lock.unlock();
    }
    if (lastRequest) {
      finish(stream);
    } else {
      resumeReading();
    }
  }

  /// Ends a response that could not be sent whole. To close is not enough: nginx without buffering
  /// takes that for the end. So a record goes before it that no front server accepts.
  private void cut(Throwable cause) {
    ByteBuffer notARecord = ByteBuffer.allocate(RecordHeader.BYTES);
    outbox.send(Callback.from(() -> hangUp(cause)), notARecord);
  }

  /// Closes after the last response. Bytes that are still coming are read first: closing on them
  /// would reset the connection, and the front server could lose the response.
  private void finish(FastCgiStream stream) {
    if (stream.body().isEnded() && !input.hasRemaining()) {
      outbox.send(Callback.from(getEndPoint()::close, getEndPoint()::close));
    } else {
      getEndPoint().setIdleTimeout(LINGER_MILLIS);
      outbox.send(Callback.from(getEndPoint()::shutdownOutput, getEndPoint()::close));
      resumeReading();
    }
  }

  /// Closes once the replies are written; for a request that was declined on a connection that is
  /// not to be kept.
  void finishUnanswered() {
    lock.lock();
    try {
      lastRequest = true;
    } finally {
      lock.unlock();
    }
    getEndPoint().setIdleTimeout(LINGER_MILLIS);
    outbox.send(Callback.from(getEndPoint()::shutdownOutput, getEndPoint()::close));
  }

  /// Whether no further request is taken from this connection.
  boolean isLastRequest() {
    lock.lock();
    try {
      return lastRequest;
    } finally {
      lock.unlock();
    }
  }

  /// The connection is over: tells the request under way, and closes.
  private void hangUp(Throwable cause) {
    FastCgiStream stream;
    lock.lock();
    try {
      if (reading == Reading.CLOSED) {
        return;
      }
      reading = Reading.CLOSED;
      stream = current;
      current = null;
    } finally {
      lock.unlock();
    }
    if (stream != null) {
      stream.peerGone(cause);
      run(stream.channel().onRemoteFailure(cause));
    }
    getEndPoint().close(cause);
  }

  @Override
  public void onClose(Throwable cause) {
    hangUp(cause == null ? new EofException("closed") : cause);
    super.onClose(cause);
  }

  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    FastCgiStream stream = current();
    if (stream == null) {
      hangUp(timeout);
      return true;
    }
    HttpChannel.IdleTimeoutTask task = stream.channel().onIdleTimeout(timeout);
    Runnable action = task.action();
    if (action != null) {
      VirtualThreads.getExecutor(connector.getExecutor()).execute(action);
    }
    return false;
  }
}
