package org.ongsung.gateway.terminal;

import java.io.IOException;
import org.ongsung.gateway.loop.SelectorLoop;

/// A person's terminal on an event loop: what they do is handed over there, and nothing waits.
///
/// Threads: the loop's alone, but for [#loop].
public interface PersonOnLoop {
  /// What is told on the loop.
  interface Listener {
    /// What the person did; after [TerminalInput.Left] nothing follows.
    void did(TerminalInput input);

    /// They have left, though what they did before may not have been handed over yet.
    void left();

    /// More may be shown again.
    void roomToShow();
  }

  SelectorLoop loop();

  /// Hands over what the person does from now on, and first what nobody has taken yet; instead of
  /// [TerminalFront#next] and [TerminalFront#awaitLeft].
  void handTo(Listener listener);

  /// Hands nothing over until released. A bounded amount is kept, and then the person is held back.
  void hold(boolean held);

  /// Shows output of the target. All of it is taken.
  ///
  /// @return whether there is room for more; if not, [Listener#roomToShow] tells when
  /// @throws IOException when the person is gone
  boolean show(byte[] bytes, int offset, int length) throws IOException;
}
