package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.util.function.Supplier;

/// What carries the bytes of a [TelnetLink]: a socket that is waited for, or one on an event loop.
///
/// Threads: any.
interface TelnetWire extends AutoCloseable {
  /// Sends what `encoded` gives, which is asked between two writes. Waits while the peer takes
  /// nothing, but never on an event loop.
  void write(Supplier<byte[]> encoded) throws IOException;

  /// Sends an answer after what is being written. Waits for nobody.
  ///
  /// @throws IOException also when the peer asks on and on and takes no answers
  void answer(byte[] raw) throws IOException;

  /// Says that nothing more comes from us, after what is being written; reading goes on.
  void finishOutput();

  @Override
  void close();
}
