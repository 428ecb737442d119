package org.ongsung.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.Shown;
import org.ongsung.model.TextEncoding;
import org.ongsung.wire.asciicast.AsciicastEncoder;
import org.ongsung.wire.asciicast.AsciicastHeader;
import org.ongsung.wire.asciicast.AsciicastLimits;
import org.ongsung.wire.text.Recoding;

/// Records a terminal as asciicast version 2: output, resizes, and input as far as it was echoed
/// (see [TypedInput]).
///
/// Input stands at the time of the key that ended its line. The SHA-256 of what the person sent is
/// given only where nothing was hidden: over a hidden password it would let that be guessed.
///
/// The digest of the output is over the target's bytes as they came, also where it writes another
/// encoding than UTF-8, in which the recording has them.
final class TerminalRecorder extends QueuedRecorder {
  private static final int MAX_TITLE_CHARACTERS = 1_024;
  private static final int MAX_TYPE_CHARACTERS = 64;

  private final TerminalShape shape;
  private final AsciicastEncoder encoder;
  private final TypedInput input;
  private final @Nullable Recoding recoding;
  private final MessageDigest fromClient = sha256();
  private final MessageDigest toClient = sha256();
  private long nowNanos = openedNanos;
  private @Nullable IOException inputFailure;
  // Whether the target has fed a line since the person's last line began.
  private boolean freshLine = true;

  TerminalRecorder(
      SessionChannel channel,
      TerminalShape shape,
      RecorderListener listener,
      RecordingEngine engine,
      InstantSource clock,
      RecordingStore.Sink sink) {
    super(channel, listener, engine, clock, sink);
    this.shape = shape;
    this.recoding =
        shape.encoding() == TextEncoding.UTF_8
            ? null
            : new Recoding(shape.encoding().charset(), StandardCharsets.UTF_8);
    this.encoder = new AsciicastEncoder(lines(), AsciicastLimits.DEFAULT);
    this.input =
        new TypedInput(
            engine.limits().heldInputCharacters(),
            engine.limits().echoTimeout().toNanos(),
            this::keepInput);
  }

  @Override
  void begin() throws IOException {
    String title = Shown.plain(channel().subject(), MAX_TITLE_CHARACTERS);
    encoder.header(
        new AsciicastHeader(
            Math.max(1, shape.columns()),
            Math.max(1, shape.rows()),
            Optional.of(channel().openedAt().getEpochSecond()),
            Map.of("TERM", Shown.plain(shape.type(), MAX_TYPE_CHARACTERS)),
            title.isEmpty() ? Optional.empty() : Optional.of(title)));
  }

  @Override
  boolean merges(byte what) {
    // Each packet of the person is judged by itself: whether it is one key or a paste matters.
    return what == FROM_TARGET || what == ERROR_FROM_TARGET;
  }

  @Override
  void entry(byte what, long nanos, byte[] bytes, int offset, int length) throws IOException {
    nowNanos = nanos;
    switch (what) {
      case FROM_CLIENT -> {
        markTyping(nanos);
        fromClient.update(bytes, offset, length);
        input.typed(nanos, bytes, offset, length);
      }
      case FROM_TARGET, ERROR_FROM_TARGET -> {
        toClient.update(bytes, offset, length);
        if (recoding == null) {
          shown(nanos, bytes, offset, length);
        } else {
          byte[] text = recoding.recode(bytes, offset, length);
          shown(nanos, text, 0, text.length);
        }
      }
      default -> {
        ByteBuffer size = ByteBuffer.wrap(bytes, offset, length);
        encoder.resize(micros(nanos), size.getInt(), size.getInt());
      }
    }
    throwInputFailure();
  }

  private void shown(long nanos, byte[] bytes, int offset, int length) throws IOException {
    if (length > 0) {
      freshLine |= feedsLine(bytes, offset, length);
      input.shown(nanos, bytes, offset, length);
      encoder.output(micros(nanos), bytes, offset, length);
    }
  }

  /// Notes when a line began to be typed, because input itself stands at the time of its end: the
  /// cursor's place at that moment is the end of the prompt.
  private void markTyping(long nanos) throws IOException {
    if (freshLine) {
      freshLine = false;
      encoder.marker(micros(nanos), Recordings.TYPING_BEGINS);
    }
  }

  private boolean feedsLine(byte[] bytes, int offset, int length) {
    if (freshLine) {
      return true;
    }
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        return true;
      }
    }
    return false;
  }

  @Override
  boolean turnEnds(long nanos) throws IOException {
    nowNanos = nanos;
    input.tick(nanos);
    throwInputFailure();
    return input.waits();
  }

  @Override
  void exit(@Nullable Integer exitStatus, @Nullable String exitSignal) {
    // The exit stands in the session store; asciicast 2 has no place for it.
  }

  @Override
  void end(long nanos) throws IOException {
    nowNanos = nanos;
    if (recoding != null) {
      byte[] last = recoding.finish();
      shown(nanos, last, 0, last.length);
    }
    input.finish();
    throwInputFailure();
    encoder.finish(micros(nanos));
  }

  @Override
  Streams streams() {
    return new Streams(
        input.everHidden() ? null : HexFormat.of().formatHex(fromClient.digest()),
        HexFormat.of().formatHex(toClient.digest()),
        encoder.replacements()
            + input.replacements()
            + (recoding == null ? 0 : recoding.replacements()),
        true);
  }

  private void keepInput(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      encoder.input(micros(nowNanos), bytes, 0, bytes.length);
    } catch (IOException e) {
      inputFailure = e;
    }
  }

  private void throwInputFailure() throws IOException {
    if (inputFailure != null) {
      throw inputFailure;
    }
  }
}
