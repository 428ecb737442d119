package org.ongsung.wire.telnet;

/// What bounds one direction of a Telnet connection; inclusive.
///
/// @param subnegotiationBytes of one subnegotiation's content; a longer one breaks the connection
/// @param negotiations WILL, WONT, DO and DONT in all; more break the connection
public record TelnetWireLimits(int subnegotiationBytes, int negotiations) {
  /// 4 KiB, as much as a full environment takes, and 1,000.
  public static final TelnetWireLimits DEFAULT = new TelnetWireLimits(4_096, 1_000);

  public TelnetWireLimits {
    if (subnegotiationBytes < 1 || negotiations < 1) {
      throw new IllegalArgumentException("limits of Telnet are at least 1");
    }
  }
}
