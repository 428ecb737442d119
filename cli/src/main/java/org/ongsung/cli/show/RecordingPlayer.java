package org.ongsung.cli.show;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.ongsung.wire.asciicast.AsciicastDecoder;
import org.ongsung.wire.asciicast.AsciicastEvent;
import org.ongsung.wire.asciicast.AsciicastException;
import org.ongsung.wire.asciicast.AsciicastHeader;
import org.ongsung.wire.asciicast.AsciicastLimits;
import org.ongsung.wire.asciicast.AsciicastListener;

/// Plays an asciicast v2 recording on the operator's own terminal, at its own pace or faster.
///
/// What it prints went through [TerminalRendering]: it may draw, and nothing else.
public final class RecordingPlayer {
  private static final int CHUNK_BYTES = 16_384;

  private final PrintStream out;
  private final Pause pause;
  private final double speed;
  private final boolean timing;

  /// Waits between two events.
  @FunctionalInterface
  public interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  /// @param speed how many recorded seconds go into one; more than 0
  /// @param timing false prints everything at once
  public RecordingPlayer(PrintStream out, Pause pause, double speed, boolean timing) {
    if (!(speed > 0)) {
      throw new IllegalArgumentException("the speed is more than 0");
    }
    this.out = out;
    this.pause = pause;
    this.speed = speed;
    this.timing = timing;
  }

  /// Plays to the end, or as far as the recording goes.
  ///
  /// @return whether the recording was whole
  /// @throws IOException also when it is no recording
  public boolean play(InputStream recording) throws IOException {
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
      out.print(TerminalRendering.RESET);
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
