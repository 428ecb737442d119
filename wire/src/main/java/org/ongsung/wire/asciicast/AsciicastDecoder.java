package org.ongsung.wire.asciicast;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ongsung.wire.json.JsonScanner;
import org.ongsung.wire.text.Utf8Decoder;

/// Reads one recording from bytes as they come, cut anywhere.
///
/// Unknown header members and unknown event codes pass (the format asks for it); a line that is not
/// valid is an error, but for a last one without its line feed: that is what a crash leaves, and it
/// is dropped. Times that go back are brought to the time before, so that a replay never waits a
/// negative time.
///
/// One thread at a time. After an exception the decoder is done.
public final class AsciicastDecoder {
  /// The longest time that is believed: a thousand years. What is beyond comes from a damaged file.
  private static final double MAX_SECONDS = 3.2e10;

  private final AsciicastLimits limits;
  private final AsciicastListener listener;
  private byte[] partial = new byte[512];
  private int partialLength;
  private long lineNumber = 1;
  private long lastMicros;
  private boolean headerRead;

  public AsciicastDecoder(AsciicastLimits limits, AsciicastListener listener) {
    this.limits = limits;
    this.listener = listener;
  }

  /// Reads more bytes and tells the listener of every line that they complete.
  public void decode(byte[] bytes, int offset, int length) throws AsciicastException {
    int end = offset + length;
    int start = offset;
    for (int at = offset; at < end; at++) {
      if (bytes[at] == '\n') {
        keep(bytes, start, at - start);
        line(Utf8Decoder.decode(partial, 0, partialLength));
        partialLength = 0;
        lineNumber++;
        start = at + 1;
      }
    }
    keep(bytes, start, end - start);
  }

  /// Ends the recording.
  ///
  /// @return whether it was whole: false if its last line was cut short (and so dropped) or there
  ///   was no header
  public boolean finish() throws AsciicastException {
    if (partialLength > 0) {
      try {
        parse(Utf8Decoder.decode(partial, 0, partialLength));
      } catch (JsonScanner.Malformed e) {
        return false;
      } finally {
        partialLength = 0;
      }
    }
    return headerRead;
  }

  private void keep(byte[] bytes, int offset, int length) throws AsciicastException {
    if (partialLength + length > limits.maxLineBytes()) {
      throw new AsciicastException(
          lineNumber, "it is longer than " + limits.maxLineBytes() + " bytes");
    }
    if (partialLength + length > partial.length) {
      int room = Math.max(partialLength + length, partial.length * 2);
      partial = Arrays.copyOf(partial, Math.min(room, limits.maxLineBytes()));
    }
    System.arraycopy(bytes, offset, partial, partialLength, length);
    partialLength += length;
  }

  private void line(String line) throws AsciicastException {
    try {
      parse(line);
    } catch (JsonScanner.Malformed e) {
      throw new AsciicastException(lineNumber, String.valueOf(e.getMessage()));
    }
  }

  private void parse(String line) {
    if (line.isBlank()) {
      return;
    }
    JsonScanner json = new JsonScanner(line);
    if (headerRead) {
      AsciicastEvent event = event(json);
      json.expectEnd();
      listener.event(event);
    } else {
      AsciicastHeader header = header(json);
      json.expectEnd();
      headerRead = true;
      listener.header(header);
    }
  }

  private AsciicastEvent event(JsonScanner json) {
    json.expect('[');
    long micros = micros(json);
    json.expect(',');
    String code = json.string();
    json.expect(',');
    String data = json.string();
    json.expect(']');
    if (code.length() != 1) {
      throw json.wrong("an event's code is one letter");
    }
    lastMicros = Math.max(lastMicros, micros);
    return new AsciicastEvent(lastMicros, code.charAt(0), data);
  }

  private long micros(JsonScanner json) {
    double seconds = json.number();
    if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
      throw json.wrong("an event's time is out of range");
    }
    return Math.round(seconds * 1e6);
  }

  private AsciicastHeader header(JsonScanner json) {
    int version = 0;
    int width = 0;
    int height = 0;
    Optional<Long> timestamp = Optional.empty();
    Optional<String> title = Optional.empty();
    Map<String, String> env = Map.of();
    json.expect('{');
    do {
      String key = json.string();
      json.expect(':');
      switch (key) {
        case "version" -> version = (int) json.number();
        case "width" -> width = (int) json.number();
        case "height" -> height = (int) json.number();
        case "timestamp" -> timestamp = Optional.of((long) json.number());
        case "title" -> title = json.nextIs('"') ? Optional.of(json.string()) : skipped(json);
        case "env" -> env = env(json);
        default -> json.skipValue();
      }
    } while (json.take(','));
    json.expect('}');
    if (version != 2) {
      throw json.wrong("it is not asciicast version 2");
    }
    if (width < 1 || height < 1 || width > limits.maxColumns() || height > limits.maxColumns()) {
      throw json.wrong("the terminal's size is out of range");
    }
    return new AsciicastHeader(width, height, timestamp, env, title);
  }

  private static Map<String, String> env(JsonScanner json) {
    Map<String, String> env = new LinkedHashMap<>();
    json.expect('{');
    if (json.take('}')) {
      return env;
    }
    do {
      String name = json.string();
      json.expect(':');
      if (json.nextIs('"')) {
        env.put(name, json.string());
      } else {
        json.skipValue();
      }
    } while (json.take(','));
    json.expect('}');
    return env;
  }

  private static Optional<String> skipped(JsonScanner json) {
    json.skipValue();
    return Optional.empty();
  }
}
