package org.ongsung.gateway.terminal;

import org.ongsung.gateway.OpenSession;

/// The way to the terminals of targets of one protocol.
@FunctionalInterface
public interface TerminalDialler {
  /// Connects and logs in to the target of `session`'s grant with what the vault holds. Blocks; an
  /// interrupt ends it.
  TerminalUpstream dial(OpenSession session, TerminalRequest terminal)
      throws TerminalDialException, InterruptedException;
}
