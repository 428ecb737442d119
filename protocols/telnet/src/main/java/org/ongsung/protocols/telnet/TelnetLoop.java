package org.ongsung.protocols.telnet;

import java.nio.ByteBuffer;
import org.ongsung.gateway.loop.SelectorLoop;

/// An event loop of Telnet's.
final class TelnetLoop extends SelectorLoop {
  private static final int READ_BYTES = 16_384;

  /// Tasks are few: beginnings, ends, and room that came again.
  private static final Limits LIMITS = new Limits(1_000, 100_000);

  private final byte[] readArray = new byte[READ_BYTES];
  private final ByteBuffer readBuffer = ByteBuffer.wrap(readArray);

  TelnetLoop(int number) {
    super("telnet-loop-" + number, LIMITS);
  }

  /// What a wire reads into, empty.
  ByteBuffer readBuffer() {
    return readBuffer.clear();
  }

  /// What stands in [#readBuffer]; until the next one reads.
  byte[] read() {
    return readArray;
  }
}
