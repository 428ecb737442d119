package org.ongsung.wire.telnet;

/// Bytes that are no Telnet, or more of something than is allowed: the connection must end.
public final class TelnetProtocolException extends Exception {
  public TelnetProtocolException(String message) {
    super(message);
  }
}
