package org.ongsung.gateway.terminal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A terminal at a target on an event loop: what it shows is handed over there, and nothing waits.
/// Resizing and signals are as with [TerminalUpstream].
///
/// Threads: the loop's alone.
public interface TargetOnLoop {
  /// What is told on the loop.
  interface Listener {
    /// What the target shows; the array is the listener's only for the call.
    void showed(byte[] bytes, int offset, int length);

    /// More may be typed again.
    void roomToType();

    /// Nothing more is shown.
    ///
    /// @param why how the connection was lost; null when the target or ourselves ended it
    void over(@Nullable IOException why);
  }

  /// Hands over what the target shows from now on, and first what nobody has read yet.
  void handTo(Listener listener);

  /// Reads nothing until released.
  void hold(boolean held);

  /// Sends what the person typed. All of it is taken.
  ///
  /// @return whether there is room for more; if not, [Listener#roomToType] tells when
  /// @throws IOException when the connection is lost
  boolean type(byte[] bytes, int offset, int length) throws IOException;

  /// Closes once the target has taken what was typed.
  void closeWhenTaken();
}
