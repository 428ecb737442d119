package org.ongsung.wire.asciicast;

/// What a decoder tells, in the recording's order.
public interface AsciicastListener {
  /// The header was read; called once, before any event.
  void header(AsciicastHeader header);

  /// An event was read.
  void event(AsciicastEvent event);
}
