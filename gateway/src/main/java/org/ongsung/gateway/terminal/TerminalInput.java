package org.ongsung.gateway.terminal;

/// What comes from a person's terminal.
public sealed interface TerminalInput {
  /// Bytes typed or pasted; whoever takes them owns them.
  final class Typed implements TerminalInput {
    private final byte[] bytes;

    public Typed(byte[] bytes) {
      this.bytes = bytes;
    }

    public byte[] bytes() {
      return bytes;
    }
  }

  /// The terminal has another size.
  record Resized(int columns, int rows) implements TerminalInput {}

  record Signalled(TerminalSignal signal) implements TerminalInput {}

  /// The person is gone, or [TerminalFront#hangUp] was called. Nothing follows.
  record Left() implements TerminalInput {}
}
