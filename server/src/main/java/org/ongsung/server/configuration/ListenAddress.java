package org.ongsung.server.configuration;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// Where a listener listens: an address and a TCP port, 0 for any free one.
public record ListenAddress(String host, int port) {
  public ListenAddress {
    if (host.isEmpty() || host.length() > 255 || port < 0 || port > 65_535) {
      throw new IllegalArgumentException("an address and a port from 0 to 65535");
    }
  }

  /// Reads `host:port` or `[ipv6]:port`.
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("the port is missing (127.0.0.1:2222, [::1]:2222)");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (!bracketed && host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("an IPv6 address stands in brackets ([::1]:2222)");
    }
    return new ListenAddress(
        bracketed ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(text.substring(colon + 1)));
  }

  /// The address to bind to; may ask the resolver.
  public InetSocketAddress resolve() throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  /// The same address with the port that was bound.
  public ListenAddress withPort(int bound) {
    return new ListenAddress(host, bound);
  }

  /// Whether it listens on every address of the machine.
  public boolean isAny() {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
