package org.ongsung.gateway.terminal;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.ongsung.model.SessionId;

/// A person's terminal, whatever brings it here: Telnet, a channel of SSH, a browser.
///
/// Threads: one calls [#next], another [#show] and a third [#awaitLeft]; [#tell] and [#hangUp] come
/// from any.
public interface TerminalFront {
  /// What comes next. Blocks; an interrupt ends that and harms nothing. Who asks less often than
  /// the person types holds the person back: a front keeps only a bounded amount.
  TerminalInput next() throws InterruptedException;

  /// Waits until the person has left, even while nobody takes what they typed before; an interrupt
  /// ends that and harms nothing.
  void awaitLeft() throws InterruptedException;

  /// The session has begun: it is in the record, and the target is dialled. Does not block.
  default void begun(SessionId session) {}

  /// Shows output of the target. Blocks while the person's side takes no more.
  ///
  /// @throws IOException when the person is gone
  void show(byte[] bytes, int offset, int length) throws IOException;

  /// Shows a line of the gateway's, apart from what the target shows. May block as [#show] does.
  void tell(Spoken line);

  /// The language that the person reads.
  Locale language();

  /// The terminal as it stands on an event loop, if it does.
  default Optional<PersonOnLoop> onLoop() {
    return Optional.empty();
  }

  /// Nothing more will be shown: [#next] soon returns [TerminalInput.Left], and a [#show] that
  /// blocks ends. Does not block; the first call counts.
  void hangUp();
}
