package org.ongsung.practice.shell;

import java.io.IOException;

/// A command of the practice shell.
@FunctionalInterface
interface Command {
  /// Runs it and gives its exit status.
  ///
  /// @throws IOException when its streams fail or it is interrupted; errors about files it tells by
  ///   itself
  int run(Invocation call) throws IOException;
}
