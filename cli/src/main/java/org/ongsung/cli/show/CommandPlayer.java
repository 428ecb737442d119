package org.ongsung.cli.show;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Shows the recording of a command without a terminal: what it wrote to standard output and
/// standard error, each to ours, made harmless by [TerminalRendering]. The form of the recording is
/// in docs/guide/recordings.md.
final class CommandPlayer {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String TEXT = "text:";
  private static final String BASE64 = "base64:";

  private final PrintStream out;
  private final PrintStream err;
  private final TerminalRendering outRendering = new TerminalRendering();
  private final TerminalRendering errRendering = new TerminalRendering();
  private boolean whole;

  CommandPlayer(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /// Shows everything at once.
  ///
  /// @return whether the recording was whole
  boolean play(BufferedReader recording) throws IOException {
    for (String line = recording.readLine(); line != null; line = recording.readLine()) {
      if (line.isBlank()) {
        continue;
      }
      try {
        show(JSON.readTree(line));
      } catch (JacksonException | IllegalArgumentException e) {
        throw new IOException("not a recording that can be shown", e);
      }
    }
    out.flush();
    err.flush();
    return whole;
  }

  private void show(JsonNode line) {
    if (line.isObject()) {
      whole |= line.has("streams");
      return;
    }
    String piece = decoded(line.path(2).asString(""));
    switch (line.path(1).asString("")) {
      case "stdout" -> out.print(outRendering.render(piece));
      case "stderr" -> err.print(errRendering.render(piece));
      default -> {} // what went in
    }
  }

  private static String decoded(String piece) {
    if (piece.startsWith(TEXT)) {
      return piece.substring(TEXT.length());
    }
    if (piece.startsWith(BASE64)) {
      return new String(
          Base64.getDecoder().decode(piece.substring(BASE64.length())), StandardCharsets.UTF_8);
    }
    return "";
  }
}
