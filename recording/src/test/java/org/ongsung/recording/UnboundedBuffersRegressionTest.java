package org.ongsung.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.FileOperation;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;

/// A disk or database that stands still makes recorders push back, and whoever does not listen
/// loses the record rather than the gateway its memory.
class UnboundedBuffersRegressionTest {
  private static final int DEADLINE_SECONDS = 30;
  private static final RecorderLimits LIMITS = RecorderLimits.DEFAULT;

  private final CountDownLatch stands = new CountDownLatch(1);
  private final CountDownLatch reached = new CountDownLatch(1);
  private volatile boolean stalls;
  private RecordersTest.Told told;
  private Recorders recorders;

  private final class StallingStore implements RecordingStore {
    @Override
    public Sink create(RecordingId id) {
      return new Sink() {
        @Override
        public void write(byte[] bytes, int offset, int length) {}

        @Override
        public void flush() throws IOException {
          if (stalls) {
            reached.countDown();
            awaitRelease();
          }
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public InputStream open(RecordingId id) {
      return InputStream.nullInputStream();
    }

    @Override
    public long delete(RecordingId id) {
      return -1;
    }

    @Override
    public long usableBytes() {
      return Long.MAX_VALUE;
    }
  }

  private void awaitRelease() {
    try {
      assertThat(stands.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @BeforeEach
  void open() {
    told =
        new RecordersTest.Told() {
          @Override
          public void fileOperations(List<FileOperation> more) {
            reached.countDown();
            awaitRelease();
            super.fileOperations(more);
          }
        };
    recorders = new Recorders(new StallingStore(), LIMITS, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    stands.countDown();
    recorders.close();
  }

  private ChannelRecorder recorder(ChannelKind kind) {
    SessionChannel channel =
        new SessionChannel(SessionId.create(Instant.now()), 0, kind, "x", Instant.now(), null);
    TerminalShape shape = kind == ChannelKind.SHELL ? new TerminalShape("xterm", 80, 24) : null;
    return recorders.open(channel, shape, told);
  }

  private ChannelRecorder stalledTerminal() throws InterruptedException {
    ChannelRecorder recorder = recorder(ChannelKind.SHELL);
    stalls = true;
    recorder.fromTarget(new byte[1], 0, 1);
    assertThat(reached.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return recorder;
  }

  @Test
  void atTheHighMarkThereIsRoomAndOneByteBeyondThereIsNone() throws Exception {
    ChannelRecorder recorder = stalledTerminal();
    assertThat(recorder.fromTarget(new byte[LIMITS.queueHighBytes()], 0, LIMITS.queueHighBytes()))
        .isTrue();
    assertThat(recorder.fromTarget(new byte[1], 0, 1)).isFalse();
    CountDownLatch room = new CountDownLatch(1);
    recorder.onRoom(room::countDown);
    assertThat(room.getCount()).isEqualTo(1);
    stalls = false;
    stands.countDown();
    assertThat(room.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(told.failures).isEmpty();
  }

  @Test
  void atTheHardMarkAllIsKeptAndOneByteBeyondTheRecordFails() throws Exception {
    ChannelRecorder recorder = stalledTerminal();
    byte[] chunk = new byte[LIMITS.queueHardBytes() / 16];
    for (int i = 0; i < 16; i++) {
      recorder.fromTarget(chunk, 0, chunk.length);
    }
    Thread.sleep(50);
    assertThat(told.failures).isEmpty();
    assertThat(recorders.queuedBytes()).isLessThanOrEqualTo(LIMITS.queueHardBytes() + 1L);
    recorder.fromTarget(new byte[1], 0, 1);
    told.awaitFailure();
    assertThat(recorder.fromTarget(new byte[1], 0, 1)).isFalse();
  }

  @Test
  void ofACommandOnlyTheKeptBytesWait() throws Exception {
    ChannelRecorder recorder = recorder(ChannelKind.EXEC);
    stalls = true;
    recorder.fromTarget(new byte[1], 0, 1);
    assertThat(reached.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    byte[] chunk = new byte[LIMITS.queueHardBytes()];
    for (int i = 0; i < 16; i++) {
      recorder.fromTarget(chunk, 0, chunk.length);
    }
    assertThat(recorders.queuedBytes()).isLessThanOrEqualTo(LIMITS.keptStreamBytes());
    stalls = false;
    stands.countDown();
    assertThat(recorder.close(0, null).get(DEADLINE_SECONDS, TimeUnit.SECONDS).sha256ToClient())
        .isEqualTo(RecordersTest.sha256(new byte[1 + 16 * chunk.length]));
    assertThat(told.failures).isEmpty();
  }

  @Test
  void fileOperationsPushBackAndThenFail() throws Exception {
    ChannelRecorder recorder = recorder(ChannelKind.SFTP);
    assertThat(recorder.fileOperation("stat", "/0", "", "", 0, 0, "ok")).isTrue();
    assertThat(reached.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    for (int i = 1; i < LIMITS.operationsHigh(); i++) {
      assertThat(recorder.fileOperation("stat", "/" + i, "", "", 0, 0, "ok")).isTrue();
    }
    assertThat(recorder.fileOperation("stat", "/past", "", "", 0, 0, "ok")).isFalse();
    for (int i = LIMITS.operationsHigh(); i < LIMITS.operationsHard(); i++) {
      recorder.fileOperation("stat", "/" + i, "", "", 0, 0, "ok");
    }
    assertThat(told.failures).isEmpty();
    recorder.fileOperation("stat", "/beyond", "", "", 0, 0, "ok");
    told.awaitFailure();
  }
}
