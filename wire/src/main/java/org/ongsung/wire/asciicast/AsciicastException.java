package org.ongsung.wire.asciicast;

import java.io.IOException;

/// A recording that is not asciicast v2, or passes a limit. The message names the line.
public final class AsciicastException extends IOException {
  AsciicastException(long line, String problem) {
    super("line " + line + " of the recording: " + problem);
  }
}
