package org.ongsung.console.http;

import java.net.SocketAddress;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ProxyConnectionFactory;

/// A connection that a load balancer passed on, with the addresses that it told of by the PROXY
/// protocol.
final class ProxiedEndPoint extends ProxyConnectionFactory.ProxyEndPoint {
  ProxiedEndPoint(EndPoint endPoint, SocketAddress local, SocketAddress remote) {
    super(endPoint, local, remote);
  }
}
