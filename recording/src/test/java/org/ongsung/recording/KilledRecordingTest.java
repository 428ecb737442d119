package org.ongsung.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;

class KilledRecordingTest {
  private static final Pattern TICK = Pattern.compile("tick (\\d+)(?:\n|\\\\n)");
  // A machine may be too busy to flush in time; not ten times in a row.
  private static final int ATTEMPTS = 10;

  private static final long DEADLINE_NANOS = 60_000_000_000L;

  @TempDir Path folder;

  @Test
  void afterAKillTheRecordingPlaysUpToAtMostASecondBefore() throws Exception {
    long lost = Long.MAX_VALUE;
    for (int attempt = 0; attempt < ATTEMPTS && lost > 1_000; attempt++) {
      lost = Math.min(lost, lostMilliseconds());
    }
    assertThat(lost).isLessThanOrEqualTo(1_000);
  }

  private long lostMilliseconds() throws Exception {
    SessionId session = SessionId.create(Instant.now());
    Path printed = Files.createTempFile(folder, "printed", ".txt");
    Process ticker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RecordingTicker.class.getName(),
                folder.resolve("recordings").toString(),
                session.value())
            .redirectOutput(printed.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long start = System.nanoTime();
      while (lastTick(Files.readString(printed)) < 3_000) {
        assertThat(ticker.isAlive()).isTrue();
        assertThat(System.nanoTime() - start).isLessThan(DEADLINE_NANOS);
        Thread.sleep(20);
      }
    } finally {
      ticker.destroyForcibly().waitFor();
    }
    Recordings recordings =
        new Recordings(new FileRecordingStore(folder.resolve("recordings")), id -> false);
    SessionChannel channel =
        new SessionChannel(session, 0, ChannelKind.SHELL, "", Instant.EPOCH, null);
    assertThat(recordings.endOf(channel).complete()).isFalse();
    assertThat(recordings.endOf(channel).bytesToClient()).isPositive();
    try (InputStream in = recordings.open(new RecordingId(session, 0))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return lastTick(Files.readString(printed)) - lastTick(text);
    }
  }

  private static long lastTick(String text) {
    return TICK.matcher(text)
        .results()
        .mapToLong(tick -> Long.parseLong(tick.group(1)))
        .max()
        .orElse(0);
  }
}
