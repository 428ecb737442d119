package org.ongsung.wire.proxy;

/// What a proxy says of the connection that it passes on.
public sealed interface ProxyHeader {
  /// The proxy speaks for itself, as for a health check, or cannot say for whom: the connection's
  /// own addresses count.
  record Itself() implements ProxyHeader {}

  /// The proxy passes on a TCP connection of somebody.
  ///
  /// @param source the client's end
  /// @param destination where the client connected to
  record Relayed(Endpoint source, Endpoint destination) implements ProxyHeader {}

  /// One end of a TCP connection.
  ///
  /// @param address an IPv4 or IPv6 address as text, never a name
  /// @param port 0 to 65535
  record Endpoint(String address, int port) {}
}
