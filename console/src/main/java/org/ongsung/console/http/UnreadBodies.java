package org.ongsung.console.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.ongsung.fastcgi.server.FastCgiConnector;
import org.ongsung.model.GuardedLock;

/// Sees to it that an answer given before the request's body has come whole is heard. A connection
/// that is closed on bytes nobody has read is reset, and the reset takes an answer back that is
/// still on its way; a client that reads only once it has sent all would never see it.
///
/// So the answer is sent, and what is left of the body is read and dropped, up to a number of bytes
/// and for a time (RFC 9112 section 9.6, RFC 9113 section 8.1). After that the connection goes on.
/// Past either bound it is cut, or by HTTP/2 the one stream is: by then the client has had the
/// answer for that long.
///
/// FastCGI connections do the same below, where they know of the next request.
///
/// Threads: none waits; a piece that has come is dropped on a thread of the server's.
public final class UnreadBodies extends Handler.Wrapper {
  /// How often a body is looked for that need not come, and for how long.
  private static final Duration LOOK = Duration.ofMillis(100);

  private static final int LOOKS = 20;
  private static final String TOO_MUCH = "more of a body than is dropped";

  private final long mostBytes;
  private final Duration longest;

  /// @param mostBytes dropped of one body, inclusive
  /// @param longest how long a client may take to send them
  public UnreadBodies(Handler handler, long mostBytes, Duration longest) {
    super(handler);
    this.mostBytes = mostBytes;
    this.longest = longest;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getConnectionMetaData().getConnector() instanceof FastCgiConnector) {
      return super.handle(request, response, callback);
    }
    Watched watched = new Watched(request);
    return super.handle(
        watched,
        response,
        new Callback.Nested(callback) {
          @Override
          public void succeeded() {
            new Rest(watched, response, callback).begin();
          }
        });
  }

  /// A request that knows whether its client has been told to send the body.
  private static final class Watched extends Request.Wrapper {
    private final boolean waits;
    private volatile boolean wanted;

    Watched(Request request) {
      super(request);
      this.waits =
          request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
    }

    /// Whether the body comes unasked, has begun to come, or was asked for.
    boolean isComing() {
      return !waits || wanted;
    }

    @Override
    public Content.@Nullable Chunk read() {
      Content.Chunk chunk = super.read();
      wanted |= chunk != null;
      return chunk;
    }

    @Override
    public void demand(Runnable available) {
      wanted = true;
      super.demand(available);
    }
  }

  /// What is left of one request's body.
  private final class Rest implements Runnable {
    private final Watched request;
    private final Response response;
    private final Callback callback;
    private final GuardedLock lock = new GuardedLock();
    private long bytes;
    private int looks;
    private boolean over;
    private Scheduler.@Nullable Task timer;

    Rest(Watched request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    void begin() {
      if (isEnd(request.read())) {
        callback.succeeded();
      } else {
        response.write(
            true,
            BufferUtil.EMPTY_BUFFER,
            Callback.from(Invocable.InvocationType.NON_BLOCKING, this::answered, callback::failed));
      }
    }

    private void answered() {
      lock.lock();
      try {
        timer = after(longest, () -> end(new TimeoutException("the rest of the body took long")));
      } finally {
        lock.unlock();
      }
      run();
    }

    private Scheduler.Task after(Duration delay, Runnable task) {
      return request
          .getComponents()
          .getScheduler()
          .schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Drops what has come, and comes back when there is more.
    @Override
    public void run() {
      boolean tooMuch;
      lock.lock();
      try {
        if (over || !drop()) {
          return;
        }
        tooMuch = bytes > mostBytes;
      } finally {
        lock.unlock();
      }
      end(tooMuch ? new EofException(TOO_MUCH) : null);
    }

    /// @return false when there is more to come
    private boolean drop() {
      while (bytes <= mostBytes) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          return !isAwaitingMore();
        }
        if (isEnd(chunk)) {
          return true;
        }
      }
      return true;
    }

    /// To demand the body of a client that waits to be told would tell it to send.
    private boolean isAwaitingMore() {
      if (request.isComing()) {
        request.demand(this);
        return true;
      }
      if (++looks > LOOKS) {
        return false;
      }
      var _ = after(LOOK, this);
      return true;
    }

    /// Counts and drops.
    private boolean isEnd(Content.@Nullable Chunk chunk) {
      if (chunk == null) {
        return false;
      }
      bytes += chunk.remaining();
      chunk.release();
      return chunk.isLast() || Content.Chunk.isFailure(chunk);
    }

    private void end(@Nullable Throwable cut) {
      lock.lock();
      try {
        if (over) {
          return;
        }
        over = true;
        if (timer != null) {
          timer.cancel();
        }
      } finally {
        lock.unlock();
      }
      if (cut == null) {
        callback.succeeded();
      } else {
        callback.failed(cut);
      }
    }
  }
}
