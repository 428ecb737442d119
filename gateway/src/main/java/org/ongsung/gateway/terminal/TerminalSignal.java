package org.ongsung.gateway.terminal;

/// What a person sends to a program besides bytes. An upstream that has no such thing sends the key
/// that means it, or nothing.
public enum TerminalSignal {
  /// A break of the line (RFC 4335; Telnet's BRK).
  BREAK,
  /// SIGINT; Telnet's IP.
  INTERRUPT,
  /// SIGQUIT; Telnet's ABORT.
  QUIT,
  /// SIGTSTP; Telnet's SUSP.
  SUSPEND,
  HANGUP,
  TERMINATE,
  KILL
}
