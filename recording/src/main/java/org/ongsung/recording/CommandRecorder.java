package org.ongsung.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.SessionChannel;
import org.ongsung.wire.json.JsonText;

/// Records a command without a terminal as JSON lines: what was run, the first bytes of each stream
/// as they came, how far the streams were every second, and at the end exit, byte counts and
/// digests.
///
///     {"ongsung": 1, "kind": "exec", "command": "…", "openedAt": "2026-01-31T12:00:00Z"}
///     [0.000412, "stdin", "text"]
///     [0.013377, "stdout", "base64:AAEC"]
///     {"at": 1.000210, "bytes": {"stdin": 4, "stdout": 90210, "stderr": 0}}
///     {"at": 1.512345, "exitStatus": 0, "exitSignal": null, "streams": {"stdin": {"bytes": 4,
///      "kept": 4, "sha256": "…"}, "stdout": {…}, "stderr": {…}}}
///
/// (The last is one line.) Bytes that are UTF-8 stand as text behind `text:`, others as base64
/// behind `base64:`, so that the kept bytes can be had again exactly.
///
/// Streams are digested on the caller's thread, while the bytes are in the processor's cache: behind
/// the kept ones nothing waits for a worker, and a copy for it would cost more than the digest.
final class CommandRecorder extends QueuedRecorder {
  private static final long PROGRESS_NANOS = 1_000_000_000;

  private final Stream stdin = new Stream("stdin");
  private final Stream stdout = new Stream("stdout");
  private final Stream stderr = new Stream("stderr");
  private long progressNanos = openedNanos;
  private long progressBytes;
  private @Nullable Integer exitStatus;
  private @Nullable String exitSignal;

  /// Safe for one thread that takes bytes and one that writes lines.
  private static final class Stream {
    final String name;
    private final MessageDigest sha256 = sha256();
    private long bytes;
    private int kept;
    private @Nullable String digest;

    Stream(String name) {
      this.name = name;
    }

    /// Counts and digests; gives how many of the bytes are to be kept.
    synchronized int take(byte[] from, int offset, int length, int keptAtMost) {
      sha256.update(from, offset, length);
      bytes += length;
      int keep = Math.min(length, keptAtMost - kept);
      kept += keep;
      return keep;
    }

    synchronized long bytes() {
      return bytes;
    }

    /// Of all bytes; nothing may come any more.
    synchronized String digest() {
      if (digest == null) {
        digest = HexFormat.of().formatHex(sha256.digest());
      }
      return digest;
    }

    synchronized void tell(StringBuilder line) {
      line.append('"').append(name).append("\": {\"bytes\": ").append(bytes);
      line.append(", \"kept\": ").append(kept);
      line.append(", \"sha256\": \"").append(digest()).append("\"}");
    }
  }

  CommandRecorder(
      SessionChannel channel,
      RecorderListener listener,
      RecordingEngine engine,
      InstantSource clock,
      RecordingStore.Sink sink) {
    super(channel, listener, engine, clock, sink);
  }

  @Override
  void begin() throws IOException {
    StringBuilder line = new StringBuilder("{\"ongsung\": 1, \"kind\": ");
    JsonText.quote(channel().kind().text(), line);
    line.append(", \"command\": ");
    JsonText.quote(channel().subject(), line);
    line.append(", \"openedAt\": ");
    JsonText.quote(channel().openedAt().toString(), line);
    write(line.append("}\n"));
  }

  @Override
  boolean merges(byte what) {
    return what != RESIZED;
  }

  @Override
  int arrived(byte what, byte[] bytes, int offset, int length) {
    Stream stream = stream(what);
    return stream == null
        ? 0
        : stream.take(bytes, offset, length, engine.limits().keptStreamBytes());
  }

  private @Nullable Stream stream(byte what) {
    return switch (what) {
      case FROM_CLIENT -> stdin;
      case FROM_TARGET -> stdout;
      case ERROR_FROM_TARGET -> stderr;
      default -> null; // a command without a terminal has no size
    };
  }

  @Override
  void entry(byte what, long nanos, byte[] bytes, int offset, int length) throws IOException {
    Stream stream = stream(what);
    if (stream != null) {
      StringBuilder line = new StringBuilder(length + 64);
      line.append('[').append(seconds(nanos)).append(", \"").append(stream.name).append("\", ");
      JsonText.quote(exactText(bytes, offset, length), line);
      write(line.append("]\n"));
    }
  }

  private static String exactText(byte[] bytes, int offset, int length) {
    try {
      return "text:"
          + StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
    } catch (CharacterCodingException e) {
      ByteBuffer encoded = Base64.getEncoder().encode(ByteBuffer.wrap(bytes, offset, length));
      return "base64:" + StandardCharsets.US_ASCII.decode(encoded);
    }
  }

  @Override
  boolean turnEnds(long nanos) throws IOException {
    long in = stdin.bytes();
    long out = stdout.bytes();
    long error = stderr.bytes();
    long bytes = in + out + error;
    if (nanos - progressNanos >= PROGRESS_NANOS && bytes != progressBytes) {
      progressNanos = nanos;
      progressBytes = bytes;
      StringBuilder line = new StringBuilder();
      line.append("{\"at\": ").append(seconds(nanos)).append(", \"bytes\": {");
      line.append("\"stdin\": ").append(in);
      line.append(", \"stdout\": ").append(out);
      line.append(", \"stderr\": ").append(error);
      write(line.append("}}\n"));
    }
    return false;
  }

  @Override
  void exit(@Nullable Integer status, @Nullable String signal) {
    this.exitStatus = status;
    this.exitSignal = signal;
  }

  @Override
  void end(long nanos) throws IOException {
    StringBuilder line = new StringBuilder();
    line.append("{\"at\": ").append(seconds(nanos));
    line.append(", \"exitStatus\": ").append(exitStatus);
    line.append(", \"exitSignal\": ");
    if (exitSignal == null) {
      line.append("null");
    } else {
      JsonText.quote(exitSignal, line);
    }
    line.append(", \"streams\": {");
    stdin.tell(line);
    line.append(", ");
    stdout.tell(line);
    line.append(", ");
    stderr.tell(line);
    write(line.append("}}\n"));
  }

  @Override
  Streams streams() {
    return new Streams(stdin.digest(), stdout.digest(), 0, true);
  }

  private String seconds(long nanos) {
    long micros = micros(nanos);
    return String.format(Locale.ROOT, "%d.%06d", micros / 1_000_000, micros % 1_000_000);
  }

  private void write(StringBuilder line) throws IOException {
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
    lines().write(bytes, 0, bytes.length);
  }
}
