package org.ongsung.transcript.render;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionChannel;
import org.ongsung.transcript.line.Direction;
import org.ongsung.wire.json.JsonScanner;
import org.ongsung.wire.text.Utf8Decoder;

/// The transcript of a command without a terminal, from its JSON lines: the command, and what was
/// kept of its output. What a shell without a terminal read is typed input too; of other commands
/// what they read is left out, as is what file transfers say to each other.
public final class CommandTranscript implements Transcript {
  private static final int MAX_LINE_BYTES = 4 << 20;
  private static final Pattern ESCAPES =
      Pattern.compile(
          "\u001b(?:\\[[0-?]{0,64}+[ -/]{0,8}+[@-~]|\\][^\u0007\u001b]{0,256}+|[ -/]?[0-~])");

  private final Lines lines;
  private final SessionChannel channel;
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream(256);
  private final Stream stdin = new Stream(Direction.INPUT);
  private final Stream stdout = new Stream(Direction.OUTPUT);
  private final Stream stderr = new Stream(Direction.OUTPUT);
  private boolean begun;
  private long lastMicros;

  public CommandTranscript(Lines lines, SessionChannel channel) {
    this.lines = lines;
    this.channel = channel;
  }

  @Override
  public void take(byte[] bytes, int offset, int length) throws IOException {
    int start = offset;
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == '\n') {
        partial.write(bytes, start, at - start);
        line(partial.toString(StandardCharsets.UTF_8));
        partial.reset();
        start = at + 1;
      }
    }
    partial.write(bytes, start, offset + length - start);
    if (partial.size() > MAX_LINE_BYTES) {
      throw new IOException("a line of the recording is too long");
    }
  }

  private void line(String line) throws IOException {
    try {
      if (!begun) {
        begun = true;
        lines.add(Direction.INPUT, 0, "", channel.subject());
      } else if (line.startsWith("[")) {
        data(new JsonScanner(line));
      }
    } catch (JsonScanner.Malformed | IllegalArgumentException e) {
      throw new IOException("not a recording of a command", e);
    }
  }

  private void data(JsonScanner json) {
    json.expect('[');
    lastMicros = Math.max(lastMicros, Math.round(json.number() * 1e6));
    json.expect(',');
    String name = json.string();
    json.expect(',');
    String data = json.string();
    byte[] bytes =
        data.startsWith("base64:")
            ? Base64.getDecoder().decode(data.substring("base64:".length()))
            : data.substring("text:".length()).getBytes(StandardCharsets.UTF_8);
    switch (name) {
      case "stdin" -> {
        if (channel.kind() == ChannelKind.SHELL) {
          stdin.take(bytes);
        }
      }
      case "stdout" -> {
        if (showsText()) {
          stdout.take(bytes);
        }
      }
      default -> stderr.take(bytes);
    }
  }

  private boolean showsText() {
    return channel.kind() == ChannelKind.EXEC || channel.kind() == ChannelKind.SHELL;
  }

  @Override
  public void quiet(long micros) {
    // Lines are finished by their line feeds.
  }

  @Override
  public void finish() {
    stdin.finish();
    stdout.finish();
    stderr.finish();
  }

  /// One stream as lines of text; lines that are mostly no text are left out.
  private final class Stream {
    private final Direction direction;
    private final Utf8Decoder decoder = new Utf8Decoder();
    private final StringBuilder text = new StringBuilder();

    Stream(Direction direction) {
      this.direction = direction;
    }

    void take(byte[] bytes) {
      int from = text.length();
      decoder.decode(bytes, 0, bytes.length, text);
      int start = 0;
      for (int at = from; at < text.length(); at++) {
        if (text.charAt(at) == '\n') {
          add(text.substring(start, at));
          start = at + 1;
        }
      }
      text.delete(0, start);
    }

    void finish() {
      decoder.finish(text);
      add(text.toString());
      text.setLength(0);
    }

    private void add(String line) {
      String shown = ESCAPES.matcher(line).replaceAll("");
      int back = shown.stripTrailing().lastIndexOf('\r');
      String last = back < 0 ? shown : shown.substring(back + 1);
      long strange =
          last.chars().filter(c -> c == 0xfffd || (c < ' ' && c != '\t' && c != '\r')).count();
      if (strange * 4 <= last.length()) {
        lines.add(
            direction,
            lastMicros,
            "",
            java.text.Normalizer.normalize(last, java.text.Normalizer.Form.NFC));
      }
    }
  }
}
