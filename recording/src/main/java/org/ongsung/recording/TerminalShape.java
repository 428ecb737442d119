package org.ongsung.recording;

import org.ongsung.model.TextEncoding;

/// A person's terminal when its channel opens, and what the target writes on it.
///
/// @param type the value of `TERM`, untrusted
/// @param columns brought between 1 and 4,096 in the recording
/// @param rows likewise
/// @param encoding of what the target shows; the recording has it in UTF-8
public record TerminalShape(String type, int columns, int rows, TextEncoding encoding) {
  /// One on which the target writes UTF-8.
  public TerminalShape(String type, int columns, int rows) {
    this(type, columns, rows, TextEncoding.UTF_8);
  }
}
