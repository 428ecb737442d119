package org.ongsung.fastcgi.server;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.ongsung.fastcgi.FastCgiLimits;

/// Makes a FastCGI connection of every accepted one. Fits any Jetty connector; [FastCgiConnector]
/// is the one to use.
public final class FastCgiConnectionFactory extends AbstractConnectionFactory
    implements HttpConfiguration.ConnectionFactory {
  /// What the protocol is called among Jetty's.
  public static final String PROTOCOL = "fcgi/1.0";

  private static final int INPUT_BUFFER_BYTES = 32 << 10;

  private final HttpConfiguration http;
  private final FastCgiLimits limits;

  /// @param http as for HTTP: URI and HTTP compliance, customizers, the idle time-out of a request
  public FastCgiConnectionFactory(HttpConfiguration http, FastCgiLimits limits) {
    super(PROTOCOL);
    this.http = http;
    this.limits = limits;
    setInputBufferSize(INPUT_BUFFER_BYTES);
  }

  @Override
  public HttpConfiguration getHttpConfiguration() {
    return http;
  }

  public FastCgiLimits limits() {
    return limits;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    return configure(
        new FastCgiConnection(connector, endPoint, http, limits, getInputBufferSize()),
        connector,
        endPoint);
  }
}
