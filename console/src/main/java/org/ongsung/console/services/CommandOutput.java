package org.ongsung.console.services;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.ongsung.console.http.Json;

/// What was kept of the streams of a command, put together from its recording.
///
/// @param terminal whether the command had a terminal, so that its recording is played instead
public record CommandOutput(
    boolean terminal, String stdin, String stdout, String stderr, boolean ended) {
  private static final int MAX_BYTES = 70_000;

  /// Reads a recording of either kind; closes it.
  static CommandOutput read(InputStream recording) throws IOException {
    ByteArrayOutputStream[] streams = {
      new ByteArrayOutputStream(), new ByteArrayOutputStream(), new ByteArrayOutputStream()
    };
    boolean ended = false;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(recording, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Object parsed = Json.parse(line);
        if (parsed instanceof Map<?, ?> map && map.containsKey("version")) {
          return new CommandOutput(true, "", "", "", false);
        }
        ended |= parsed instanceof Map<?, ?> map && map.containsKey("streams");
        if (parsed instanceof List<?> event && event.size() == 3) {
          add(streams, String.valueOf(event.get(1)), String.valueOf(event.get(2)));
        }
      }
    }
    return new CommandOutput(false, text(streams[0]), text(streams[1]), text(streams[2]), ended);
  }

  private static void add(ByteArrayOutputStream[] streams, String name, String data) {
    ByteArrayOutputStream stream =
        switch (name) {
          case "stdin" -> streams[0];
          case "stderr" -> streams[2];
          default -> streams[1];
        };
    byte[] bytes;
    if (data.startsWith("base64:")) {
      bytes = Base64.getDecoder().decode(data.substring("base64:".length()));
    } else {
      String plain = data.startsWith("text:") ? data.substring("text:".length()) : data;
      bytes = plain.getBytes(StandardCharsets.UTF_8);
    }
    stream.write(bytes, 0, Math.min(bytes.length, Math.max(0, MAX_BYTES - stream.size())));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
