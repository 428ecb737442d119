package org.ongsung.server.configuration;

/// Where one-time ports are: an address and a range of TCP ports, both ends inclusive.
public record PortRange(String host, int first, int last) {
  /// The most ports of a range, inclusive.
  public static final int MAX_PORTS = 10_000;

  public PortRange {
    if (host.isEmpty() || first < 1 || last > 65_535 || first > last || last - first >= MAX_PORTS) {
      throw new IllegalArgumentException("an address and at most 10000 ports from 1 to 65535");
    }
  }

  /// Reads `host:first-last` or `[ipv6]:first-last`.
  public static PortRange parse(String text) {
    int dash = text.lastIndexOf('-');
    if (dash < 1 || !text.substring(dash + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("the range of ports is missing (127.0.0.1:24000-24099)");
    }
    ListenAddress first = ListenAddress.parse(text.substring(0, dash));
    return new PortRange(first.host(), first.port(), Integer.parseInt(text.substring(dash + 1)));
  }

  /// As [#parse] reads it.
  @Override
  public String toString() {
    return new ListenAddress(host, first) + "-" + last;
  }

  /// Whether they are on every address of the machine.
  public boolean isAny() {
    return new ListenAddress(host, first).isAny();
  }
}
