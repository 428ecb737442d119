package org.ongsung.recording;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.ongsung.wire.asciicast.AsciicastDecoder;
import org.ongsung.wire.asciicast.AsciicastEvent;
import org.ongsung.wire.asciicast.AsciicastException;
import org.ongsung.wire.asciicast.AsciicastHeader;
import org.ongsung.wire.asciicast.AsciicastLimits;
import org.ongsung.wire.asciicast.AsciicastListener;
import org.ongsung.wire.json.JsonScanner;

/// What a recording adds up to: bytes both ways and the time of its last entry.
final class RecordingTotals implements AsciicastListener {
  private static final int MAX_LINE_BYTES = 4 << 20;

  private long lastMicros;
  private long fromClient;
  private long toClient;

  long lastMicros() {
    return lastMicros;
  }

  long bytesFromClient() {
    return fromClient;
  }

  long bytesToClient() {
    return toClient;
  }

  /// Reads a terminal's or a command's recording, whichever it is.
  void read(InputStream text) throws IOException {
    byte[] first = line(text);
    if (new String(first, StandardCharsets.UTF_8).startsWith("{\"ongsung\"")) {
      for (byte[] line = line(text); line.length > 0; line = line(text)) {
        command(new String(line, StandardCharsets.UTF_8));
      }
    } else {
      terminal(first, text);
    }
  }

  private void terminal(byte[] first, InputStream text) throws IOException {
    AsciicastDecoder decoder = new AsciicastDecoder(AsciicastLimits.DEFAULT, this);
    try {
      decoder.decode(first, 0, first.length);
      byte[] buffer = new byte[8_192];
      for (int n = text.read(buffer); n >= 0; n = text.read(buffer)) {
        decoder.decode(buffer, 0, n);
      }
    } catch (AsciicastException e) {
      throw new IOException("not a recording of a terminal", e);
    }
  }

  private static byte[] line(InputStream text) throws IOException {
    java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream(128);
    for (int b = text.read(); b >= 0; b = text.read()) {
      line.write(b);
      if (b == '\n') {
        break;
      }
      if (line.size() > MAX_LINE_BYTES) {
        throw new IOException("a line of the recording is too long");
      }
    }
    return line.toByteArray();
  }

  /// A line of a command's recording; see [CommandRecorder].
  private void command(String line) throws IOException {
    try {
      JsonScanner json = new JsonScanner(line.strip());
      if (json.take('[')) {
        data(json);
      } else {
        totals(json);
      }
    } catch (JsonScanner.Malformed e) {
      throw new IOException("not a recording of a command", e);
    }
  }

  private void data(JsonScanner json) {
    lastMicros = Math.round(json.number() * 1e6);
    json.expect(',');
    boolean fromPerson = json.string().equals("stdin");
    json.expect(',');
    String data = json.string();
    int length =
        data.startsWith("base64:")
            ? java.util.Base64.getDecoder().decode(data.substring(7)).length
            : data.substring("text:".length()).getBytes(StandardCharsets.UTF_8).length;
    if (fromPerson) {
      fromClient += length;
    } else {
      toClient += length;
    }
  }

  private void totals(JsonScanner json) {
    json.expect('{');
    do {
      String key = json.string();
      json.expect(':');
      switch (key) {
        case "at" -> lastMicros = Math.round(json.number() * 1e6);
        case "bytes" -> progress(json);
        default -> json.skipValue();
      }
    } while (json.take(','));
  }

  private void progress(JsonScanner json) {
    long stdin = 0;
    long output = 0;
    json.expect('{');
    do {
      String stream = json.string();
      json.expect(':');
      long bytes = (long) json.number();
      if (stream.equals("stdin")) {
        stdin = bytes;
      } else {
        output += bytes;
      }
    } while (json.take(','));
    json.expect('}');
    fromClient = Math.max(fromClient, stdin);
    toClient = Math.max(toClient, output);
  }

  @Override
  public void header(AsciicastHeader header) {
    // Nothing adds up yet.
  }

  @Override
  public void event(AsciicastEvent event) {
    lastMicros = event.timeMicros();
    int length = event.data().getBytes(StandardCharsets.UTF_8).length;
    switch (event.code()) {
      case AsciicastEvent.INPUT -> fromClient += length;
      case AsciicastEvent.OUTPUT -> toClient += length;
      default -> {}
    }
  }
}
