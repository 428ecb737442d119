package org.ongsung.model;

/// How a target is spoken to.
public enum Protocol {
  /// RFC 4251 and its companions.
  SSH("ssh", 22),
  /// RFC 854 and its companions: a terminal and nothing else, in the clear.
  TELNET("telnet", 23);

  private final String text;
  private final int defaultPort;

  Protocol(String text, int defaultPort) {
    this.text = text;
    this.defaultPort = defaultPort;
  }

  /// The word in files, API and ledger.
  public String text() {
    return text;
  }

  /// The TCP port when an address names none.
  public int defaultPort() {
    return defaultPort;
  }

  /// The protocol of a word; throws [IllegalArgumentException] for any other.
  public static Protocol of(String text) {
    for (Protocol protocol : values()) {
      if (protocol.text.equals(text)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException("not a protocol (ssh, telnet): " + Shown.quoted(text));
  }
}
