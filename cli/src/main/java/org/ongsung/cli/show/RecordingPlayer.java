package org.ongsung.cli.show;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.ongsung.wire.asciicast.AsciicastDecoder;
import org.ongsung.wire.asciicast.AsciicastEvent;
import org.ongsung.wire.asciicast.AsciicastException;
import org.ongsung.wire.asciicast.AsciicastHeader;
import org.ongsung.wire.asciicast.AsciicastLimits;
import org.ongsung.wire.asciicast.AsciicastListener;

/// Plays a recording on the operator's own terminal: asciicast v2 at its own pace or faster, the
/// recording of a command at once. Either may be compressed with Zstandard, as in a data folder.
///
/// What it prints went through [TerminalRendering]: it may draw, and nothing else.
public final class RecordingPlayer {
  private static final int CHUNK_BYTES = 16_384;
  private static final int PEEKED_BYTES = 64;

  /// RFC 8878 section 3.1.1.
  private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  private final PrintStream out;
  private final PrintStream err;
  private final Pause pause;
  private final double speed;
  private final boolean timing;

  /// Waits between two events.
  @FunctionalInterface
  public interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  /// @param err where a command's standard error goes
  /// @param speed how many recorded seconds go into one; more than 0
  /// @param timing false prints everything at once
  public RecordingPlayer(
      PrintStream out, PrintStream err, Pause pause, double speed, boolean timing) {
    if (!(speed > 0)) {
      throw new IllegalArgumentException("the speed is more than 0");
    }
    this.out = out;
    this.err = err;
    this.pause = pause;
    this.speed = speed;
    this.timing = timing;
  }

  /// Plays to the end, or as far as the recording goes.
  ///
  /// @return whether the recording was whole
  /// @throws IOException also when it is no recording
  public boolean play(InputStream recording) throws IOException {
    InputStream text = unpacked(recording);
    if (isCommand(text)) {
      return new CommandPlayer(out, err)
          .play(new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8)));
    }
    return playTerminal(text);
  }

  /// The recording as text, to be had from `in` or from what is packed in it.
  public static InputStream unpacked(InputStream in) throws IOException {
    BufferedInputStream peeked = new BufferedInputStream(in);
    peeked.mark(ZSTD_MAGIC.length);
    byte[] start = peeked.readNBytes(ZSTD_MAGIC.length);
    peeked.reset();
    // Continuous: a frame that a crash has cut short ends the text and is no error.
    return Arrays.equals(start, ZSTD_MAGIC)
        ? new BufferedInputStream(new ZstdInputStreamNoFinalizer(peeked).setContinuous(true))
        : peeked;
  }

  private static boolean isCommand(InputStream text) throws IOException {
    text.mark(PEEKED_BYTES);
    String start = new String(text.readNBytes(PEEKED_BYTES), StandardCharsets.UTF_8);
    text.reset();
    return start.startsWith("{\"ongsung\"");
  }

  private boolean playTerminal(InputStream recording) throws IOException {
    AsciicastDecoder decoder = new AsciicastDecoder(AsciicastLimits.DEFAULT, new Screen());
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      for (int n = recording.read(chunk); n >= 0; n = recording.read(chunk)) {
        decoder.decode(chunk, 0, n);
      }
      return decoder.finish();
    } catch (AsciicastException e) {
      throw new IOException("not a recording that can be played: " + e.getMessage(), e);
    } finally {
      out.flush();
    }
  }

  private final class Screen implements AsciicastListener {
    private final TerminalRendering rendering = new TerminalRendering();
    private long shownMicros;

    @Override
    public void header(AsciicastHeader header) {
      // The operator's terminal keeps its own size.
    }

    @Override
    public void event(AsciicastEvent event) {
      if (event.code() != AsciicastEvent.OUTPUT) {
        return;
      }
      if (timing && event.timeMicros() > shownMicros) {
        out.flush();
        await(Math.round((event.timeMicros() - shownMicros) / speed));
      }
      shownMicros = event.timeMicros();
      out.print(rendering.render(event.data()));
    }

    private void await(long micros) {
      try {
        pause.of(Duration.ofNanos(micros * 1_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while playing", e);
      }
    }
  }
}
