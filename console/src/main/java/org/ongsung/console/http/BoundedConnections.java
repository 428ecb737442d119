package org.ongsung.console.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/// HTTP connections up to a bound. Who comes past it is told so at once, with a 503 that says when
/// to come back (RFC 9110 sections 10.2.3 and 15.6.4), instead of waiting unheard in the system's
/// backlog; and while as many are being told, the next is closed without a word.
public final class BoundedConnections extends HttpConnectionFactory {
  private static final int LEAVING_MAX = 1_000;
  private static final int LEAVING_MILLIS = 1_000;
  private static final long LEAVING_NANOS = 10_000_000_000L;
  private static final int LEAVING_BYTES = 4 << 20;
  private static final int READ_BYTES = 16_384;

  private static final String BODY =
      "too many connections at this moment; try again in 5 seconds\n";
  private static final byte[] FULL =
      ("HTTP/1.1 503 Service Unavailable\r\n"
              + "Retry-After: 5\r\n"
              + "Cache-Control: no-store\r\n"
              + "Content-Type: text/plain; charset=utf-8\r\n"
              + "X-Content-Type-Options: nosniff\r\n"
              + ("Content-Length: " + BODY.length() + "\r\n")
              + "Connection: close\r\n\r\n"
              + BODY)
          .getBytes(StandardCharsets.US_ASCII);

  private final int most;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger leaving = new AtomicInteger();

  /// @param most open connections, inclusive
  public BoundedConnections(HttpConfiguration http, int most) {
    super(http);
    this.most = most;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    boolean full = open.incrementAndGet() > most;
    AtomicInteger counted = full ? leaving : open;
    if (full) {
      open.decrementAndGet();
      leaving.incrementAndGet();
    }
    Connection made =
        full
            ? new Leaving(endPoint, connector.getExecutor(), leaving.get() <= LEAVING_MAX)
            : super.newConnection(connector, endPoint);
    made.addEventListener(
        new Connection.Listener() {
          @Override
          public void onClosed(Connection connection) {
            counted.decrementAndGet();
          }
        });
    return made;
  }

  /// Says that the house is full, and reads on for a moment: closing with something unread would
  /// reset the connection and take the words back on the way.
  private static final class Leaving extends AbstractConnection {
    private final boolean told;
    private final long until = System.nanoTime() + LEAVING_NANOS;
    private long bytes;

    Leaving(EndPoint endPoint, Executor executor, boolean told) {
      super(endPoint, executor);
      this.told = told;
    }

    @Override
    public void onOpen() {
      super.onOpen();
      if (!told) {
        close();
        return;
      }
      getEndPoint().setIdleTimeout(LEAVING_MILLIS);
      getEndPoint()
          .write(
              Callback.from(
                  () -> {
                    getEndPoint().shutdownOutput();
                    fillInterested();
                  },
                  failure -> close()),
              ByteBuffer.wrap(FULL));
    }

    @Override
    public void onFillable() {
      ByteBuffer read = BufferUtil.allocate(READ_BYTES);
      try {
        int filled = getEndPoint().fill(read);
        bytes += filled;
        if (filled < 0 || bytes > LEAVING_BYTES || System.nanoTime() > until) {
          close();
        } else {
          fillInterested();
        }
      } catch (IOException e) {
        close();
      }
    }
  }
}
