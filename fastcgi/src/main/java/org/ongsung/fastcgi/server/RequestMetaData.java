package org.ongsung.fastcgi.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Attributes;
import org.jspecify.annotations.Nullable;

/// The connection as one request sees it: the browser's, by the front server's word, rather than
/// the front server's own. One per request, so that a request's address never becomes the next
/// one's.
final class RequestMetaData extends Attributes.Lazy implements ConnectionMetaData {
  /// Never the front server's own address: that could be taken for a browser on this machine.
  private static final SocketAddress UNKNOWN = InetSocketAddress.createUnresolved("unknown", 0);

  private final FastCgiConnection connection;
  private final boolean persistent;
  private final boolean secure;
  private final @Nullable InetSocketAddress client;

  RequestMetaData(
      FastCgiConnection connection,
      boolean persistent,
      boolean secure,
      @Nullable InetSocketAddress client) {
    this.connection = connection;
    this.persistent = persistent;
    this.secure = secure;
    this.client = client;
  }

  @Override
  public String getId() {
    return connection.id();
  }

  @Override
  public HttpConfiguration getHttpConfiguration() {
    return connection.httpConfiguration();
  }

  @Override
  public HttpVersion getHttpVersion() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public String getProtocol() {
    return HttpVersion.HTTP_1_1.asString();
  }

  @Override
  public Connection getConnection() {
    return connection;
  }

  @Override
  public Connector getConnector() {
    return connection.connector();
  }

  @Override
  public boolean isPersistent() {
    return persistent;
  }

  @Override
  public boolean isSecure() {
    return secure;
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return client != null ? client : UNKNOWN;
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return connection.getEndPoint().getLocalSocketAddress();
  }
}
