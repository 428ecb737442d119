package org.ongsung.console.terminal;

import java.io.IOException;

/// The way to a browser, whichever it is. Everything blocks while the browser takes no more.
interface TerminalWire {
  /// What the terminal shows next.
  void output(byte[] bytes) throws IOException, InterruptedException;

  /// A state as JSON.
  void state(String json) throws IOException, InterruptedException;

  /// Shows that the line is there.
  ///
  /// @throws IOException when the browser is not
  void beat() throws IOException, InterruptedException;
}
