package org.ongsung.fastcgi.client;

import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.http.HttpFields;

/// The answer of an application: its status and headers, and its body while it arrives. Close it;
/// closing before the body's end aborts the request.
public final class FastCgiResponse implements AutoCloseable {
  private final int status;
  private final HttpFields headers;
  private final FastCgiExchange exchange;
  private final InputStream body;

  FastCgiResponse(int status, HttpFields headers, FastCgiExchange exchange) {
    this.status = status;
    this.headers = headers;
    this.exchange = exchange;
    this.body = new Body();
  }

  public int status() {
    return status;
  }

  /// The headers but `Status`, in order.
  public HttpFields headers() {
    return headers;
  }

  /// The body. Reading fails when the application ends it by hanging up.
  public InputStream body() {
    return body;
  }

  /// What the application has written to standard error so far, up to the client's limit.
  public String standardError() {
    return exchange.standardError();
  }

  @Override
  public void close() {
    exchange.close();
  }

  private final class Body extends InputStream {
    private final byte[] one = new byte[1];

    @Override
    public int read() throws IOException {
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return exchange.read(into, offset, length);
    }
  }
}
