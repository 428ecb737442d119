package org.ongsung.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;

/// Recording into a real file system that fills up: a tmpfs of 512 KiB.
class FullDiskTest {
  @TempDir Path folder;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder.toString()) == 0;
    assumeTrue(mounted, "only root may mount a small file system");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", "--lazy", folder.toString());
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Test
  void aFullDiskFailsTheRecordAndWhatWasWrittenStaysReadable() throws Exception {
    FileRecordingStore store = new FileRecordingStore(folder.resolve("recordings"));
    assertThat(store.usableBytes()).isBetween(1L, 512L << 10);
    RecordersTest.Told told = new RecordersTest.Told();
    SessionId session = SessionId.create(Instant.now());
    try (Recorders recorders = new Recorders(store, RecorderLimits.DEFAULT, Clock.systemUTC())) {
      SessionChannel channel =
          new SessionChannel(session, 0, ChannelKind.SHELL, "", Instant.now(), null);
      ChannelRecorder recorder = recorders.open(channel, new TerminalShape("xterm", 80, 24), told);
      byte[] noise = new byte[16 << 10];
      Random random = new Random(7);
      for (int i = 0; i < 200 && told.failures.isEmpty(); i++) {
        random.nextBytes(noise);
        recorder.fromTarget(noise, 0, noise.length);
        Thread.sleep(10);
      }
      told.awaitFailure();
      assertThat(told.failures.getFirst()).hasMessageContaining("No space left on device");
      assertThat(recorder.close(0, null).get(30, TimeUnit.SECONDS).complete()).isFalse();
    }
    Recordings recordings = new Recordings(store, id -> false);
    try (InputStream in = recordings.open(new RecordingId(session, 0))) {
      assertThat(in.readAllBytes().length).isGreaterThan(100_000);
    }
  }
}
