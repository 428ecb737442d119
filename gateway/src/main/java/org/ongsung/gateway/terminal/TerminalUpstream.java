package org.ongsung.gateway.terminal;

import java.io.IOException;
import java.util.Optional;
import org.ongsung.gateway.loop.SelectorLoop;

/// A terminal at a target, open and logged in.
///
/// Threads: one reads, one other writes, resizes and signals; [#close] comes from any and unblocks
/// both.
public interface TerminalUpstream extends AutoCloseable {
  /// Reads what the target shows. Blocks until there is something.
  ///
  /// @return how many bytes, at least 1; -1 at the end
  /// @throws IOException when the connection is lost
  int read(byte[] into) throws IOException;

  /// Sends what the person typed. Blocks while the target takes no more.
  void write(byte[] bytes, int offset, int length) throws IOException;

  /// Tells the target the person's new size.
  void resize(int columns, int rows) throws IOException;

  void signal(TerminalSignal signal) throws IOException;

  /// How the program ended; known once [#read] has returned -1.
  TerminalExit exit();

  /// The worker by which the target was reached, if it was lost and the connection with it.
  default Optional<String> lostWorker() {
    return Optional.empty();
  }

  /// Goes over to an event loop, if it can: neither [#read] nor [#write] is called any more. By the
  /// thread that has read.
  ///
  /// @throws IOException when the connection is lost
  default Optional<TargetOnLoop> join(SelectorLoop loop) throws IOException {
    return Optional.empty();
  }

  @Override
  void close();
}
