package org.ongsung.wire.asciicast;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import org.ongsung.wire.json.JsonText;
import org.ongsung.wire.text.Utf8Decoder;

/// Writes one recording to a stream, a line at a time.
///
/// Output and input are bytes as the terminal saw them. A character cut by the border of two calls
/// is completed by the later one and carries its time; what is not UTF-8 becomes U+FFFD and is
/// counted. Times never go back: an event that claims to be earlier than the one before gets that
/// one's time. Every call writes whole lines in one `write`; nothing is flushed.
///
/// One thread at a time. An `IOException` is the stream's own; the recording is then unusable
/// beyond its last line.
public final class AsciicastEncoder {
  private static final int KEPT_CHARACTERS = 1_024;

  private final OutputStream out;
  private final AsciicastLimits limits;
  private final Utf8Decoder output = new Utf8Decoder();
  private final Utf8Decoder input = new Utf8Decoder();
  private StringBuilder text = new StringBuilder();
  private StringBuilder line = new StringBuilder();
  private long lastMicros;

  public AsciicastEncoder(OutputStream out, AsciicastLimits limits) {
    this.out = out;
    this.limits = limits;
  }

  /// Writes the header; call it once, first.
  public void header(AsciicastHeader header) throws IOException {
    line.append("{\"version\": 2, \"width\": ").append(bounded(header.width()));
    line.append(", \"height\": ").append(bounded(header.height()));
    header.timestampSeconds().ifPresent(at -> line.append(", \"timestamp\": ").append(at));
    header
        .title()
        .ifPresent(
            title -> {
              line.append(", \"title\": ");
              JsonText.quote(title, line);
            });
    if (!header.env().isEmpty()) {
      env(header.env());
    }
    line.append("}\n");
    writeLines();
  }

  /// Records bytes that the program wrote.
  public void output(long timeMicros, byte[] bytes, int offset, int length) throws IOException {
    data(AsciicastEvent.OUTPUT, output, timeMicros, bytes, offset, length);
  }

  /// Records bytes that the person typed.
  public void input(long timeMicros, byte[] bytes, int offset, int length) throws IOException {
    data(AsciicastEvent.INPUT, input, timeMicros, bytes, offset, length);
  }

  /// Records a new size of the terminal.
  public void resize(long timeMicros, int width, int height) throws IOException {
    event(timeMicros, AsciicastEvent.RESIZE, bounded(width) + "x" + bounded(height));
    writeLines();
  }

  /// Records a named point in time.
  public void marker(long timeMicros, String label) throws IOException {
    event(timeMicros, AsciicastEvent.MARKER, label);
    writeLines();
  }

  /// Ends the recording: characters that were begun and never completed are written as U+FFFD.
  public void finish(long timeMicros) throws IOException {
    finish(AsciicastEvent.OUTPUT, output, timeMicros);
    finish(AsciicastEvent.INPUT, input, timeMicros);
    writeLines();
  }

  /// How many times U+FFFD stands in output or input for bytes that were not UTF-8.
  public long replacements() {
    return output.replacements() + input.replacements();
  }

  private void data(
      char code, Utf8Decoder decoder, long timeMicros, byte[] bytes, int offset, int length)
      throws IOException {
    int end = offset + length;
    for (int at = offset; at < end; at += limits.maxEventBytes()) {
      decoder.decode(bytes, at, Math.min(limits.maxEventBytes(), end - at), text);
      if (!text.isEmpty()) {
        event(timeMicros, code, text);
        text.setLength(0);
      }
    }
    writeLines();
  }

  private void finish(char code, Utf8Decoder decoder, long timeMicros) {
    decoder.finish(text);
    if (!text.isEmpty()) {
      event(timeMicros, code, text);
      text.setLength(0);
    }
  }

  private void event(long timeMicros, char code, CharSequence data) {
    lastMicros = Math.max(lastMicros, timeMicros);
    line.append('[').append(lastMicros / 1_000_000).append('.');
    // The million keeps the leading zeros and goes again.
    int fraction = line.length();
    line.append(1_000_000 + lastMicros % 1_000_000).deleteCharAt(fraction);
    line.append(", \"").append(code).append("\", ");
    JsonText.quote(data, line);
    line.append("]\n");
  }

  private void env(Map<String, String> env) {
    line.append(", \"env\": {");
    Iterator<Map.Entry<String, String>> entries = env.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, String> entry = entries.next();
      JsonText.quote(entry.getKey(), line);
      line.append(": ");
      JsonText.quote(entry.getValue(), line);
      line.append(entries.hasNext() ? ", " : "");
    }
    line.append('}');
  }

  private int bounded(int columns) {
    return Math.clamp(columns, 1, limits.maxColumns());
  }

  // A burst must not cost an idle terminal its memory for the rest of the day.
  private static StringBuilder emptied(StringBuilder used) {
    if (used.capacity() > KEPT_CHARACTERS) {
      return new StringBuilder();
    }
    used.setLength(0);
    return used;
  }

  private void writeLines() throws IOException {
    if (line.isEmpty()) {
      return;
    }
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
    line = emptied(line);
    text = emptied(text);
    out.write(bytes);
  }
}
