package org.ongsung.model;

/// Where a target listens: a host name or IP address (IPv6 in brackets when written) and a TCP
/// port, 1 to 65535.
public record HostAndPort(String host, int port) {
  private static final int MAX_HOST_CHARACTERS = 255;

  public HostAndPort {
    if (host.isEmpty()
        || host.length() > MAX_HOST_CHARACTERS
        || !host.chars().allMatch(HostAndPort::isHostCharacter)) {
      throw new IllegalArgumentException("not a host name or address: " + Shown.quoted(host));
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a port (1 to 65535): " + port);
    }
  }

  private static boolean isHostCharacter(int c) {
    return c > ' ' && c < 0x7f && c != '/' && c != '@' && c != '[' && c != ']' && c != ',';
  }

  /// Reads `host`, `host:port`, `[ipv6]` or `[ipv6]:port`.
  public static HostAndPort parse(String text, int defaultPort) {
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0 || (end + 1 < text.length() && text.charAt(end + 1) != ':')) {
        throw new IllegalArgumentException("not an address ([ipv6]:port): " + Shown.quoted(text));
      }
      String rest = text.substring(end + 1);
      return new HostAndPort(
          text.substring(1, end), rest.isEmpty() ? defaultPort : port(rest.substring(1), text));
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return new HostAndPort(text, defaultPort);
    }
    if (text.indexOf(':', colon + 1) >= 0) {
      throw new IllegalArgumentException(
          "an IPv6 address stands in brackets ([::1]:22): " + Shown.quoted(text));
    }
    return new HostAndPort(text.substring(0, colon), port(text.substring(colon + 1), text));
  }

  private static int port(String digits, String whole) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not an address (host:port): " + Shown.quoted(whole), e);
    }
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
