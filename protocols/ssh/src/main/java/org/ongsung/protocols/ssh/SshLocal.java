package org.ongsung.protocols.ssh;

import org.ongsung.gateway.terminal.TerminalInput;

/// What the gateway itself does at the other end of a person's channel, such as a menu. Called
/// under the relay's lock; must not block.
interface SshLocal {
  /// Takes what is typed and does nothing with it.
  SshLocal NOTHING = typed -> {};

  /// The person typed.
  void typed(byte[] typed);

  /// Whether more than the first window may be typed.
  default boolean takesMore() {
    return true;
  }

  /// The person's terminal has another size.
  default void resized() {}

  /// The person sent a signal or a break.
  default void signalled(TerminalInput.Signalled signal) {}

  /// The channel is gone, or somebody else answers it.
  default void closed() {}
}
