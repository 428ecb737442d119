package org.ongsung.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.FileOperation;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.recording.ChannelRecorder;
import org.ongsung.recording.FileRecordingStore;
import org.ongsung.recording.RecorderLimits;
import org.ongsung.recording.RecorderListener;
import org.ongsung.recording.Recorders;
import org.ongsung.recording.Recordings;
import org.ongsung.recording.TerminalShape;

/// Turns are taken by hand, over real recorders and their files.
class TranscriberTest {
  private static final TerminalShape SHAPE = new TerminalShape("xterm", 80, 24);
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final MemoryStore store = new MemoryStore();
  private final SessionId session = SessionId.create(Instant.parse("2026-01-31T12:00:00Z"));
  private volatile Duration ahead = Duration.ZERO;
  private final InstantSource clock = () -> Clock.systemUTC().instant().plus(ahead);
  private Recorders recorders;
  private Recordings recordings;
  private Transcriber transcriber;

  @BeforeEach
  void open() throws IOException {
    FileRecordingStore files = new FileRecordingStore(folder.resolve("recordings"));
    recorders = new Recorders(files, RecorderLimits.DEFAULT, Clock.systemUTC());
    recordings = new Recordings(files, recorders::isOpen);
    transcriber = another();
  }

  @AfterEach
  void close() {
    recorders.close();
  }

  private Transcriber another() {
    return new Transcriber("node", store, recordings, TranscriberLimits.DEFAULT, clock);
  }

  private SessionChannel channel(int number, ChannelKind kind, String subject) {
    SessionChannel channel =
        new SessionChannel(session, number, kind, subject, Clock.systemUTC().instant(), null);
    store.put(channel);
    return channel;
  }

  private ChannelRecorder record(SessionChannel channel, boolean terminal) {
    return recorders.open(
        channel,
        terminal ? SHAPE : null,
        new RecorderListener() {
          @Override
          public void fileOperations(List<FileOperation> operations) {}

          @Override
          public void failed(SessionChannel failed, Exception cause) {}

          @Override
          public void closed(SessionChannel closed, SessionChannel.End end) {}
        });
  }

  private static void shows(ChannelRecorder recorder, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    recorder.fromTarget(bytes, 0, bytes.length);
  }

  private static void types(ChannelRecorder recorder, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    recorder.fromClient(bytes, 0, bytes.length);
  }

  private void turnUntil(java.util.function.BooleanSupplier reached) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      boolean _ = transcriber.turn();
      Thread.sleep(20);
    }
  }

  private void end(SessionChannel channel, ChannelRecorder recorder) throws Exception {
    store.put(channel.ended(recorder.close(0, null).get(60, TimeUnit.SECONDS)));
  }

  @Test
  void aLiveTerminalIsFollowedAndItsEndFinishesTheTranscript() throws Exception {
    SessionChannel shell = channel(0, ChannelKind.SHELL, "");
    ChannelRecorder recorder = record(shell, true);
    shows(recorder, "web$ ");
    types(recorder, "l");
    shows(recorder, "l");
    types(recorder, "s\r");
    shows(recorder, "s\r\na.txt\r\nweb$ ");
    turnUntil(() -> store.texts(shell).contains("ls"));
    ahead = Duration.ofSeconds(10);
    turnUntil(() -> store.texts(shell).contains("a.txt"));
    assertThat(store.isDone(shell)).isFalse();
    end(shell, recorder);
    turnUntil(() -> store.isDone(shell));
    assertThat(store.texts(shell)).containsExactly("ls", "a.txt", "web$");
  }

  @Test
  void howeverMuchThereIsToCatchUpWithWhatIsOpenHasItsTurnBetween() throws Exception {
    List<SessionChannel> ended = new ArrayList<>();
    for (int number = 0; number < 3; number++) {
      SessionChannel shell = channel(number, ChannelKind.SHELL, "");
      ChannelRecorder recorder = record(shell, true);
      shows(recorder, "one\r\ntwo\r\n");
      end(shell, recorder);
      ended.add(shell);
    }
    TranscriberLimits usual = TranscriberLimits.DEFAULT;
    transcriber =
        new Transcriber(
            "node",
            store,
            recordings,
            new TranscriberLimits(
                usual.render(),
                Duration.ofNanos(1),
                usual.openChannels(),
                usual.endedChannels(),
                usual.pieces(),
                usual.batchLines(),
                usual.lateness(),
                usual.restPercent(),
                usual.retry()),
            clock);
    assertThat(transcriber.turn()).isTrue();
    assertThat(ended).filteredOn(shell -> !store.texts(shell).isEmpty()).hasSizeLessThan(2);
    turnUntil(() -> ended.stream().allMatch(store::isDone));
    assertThat(ended)
        .allSatisfy(shell -> assertThat(store.texts(shell)).containsExactly("one", "two"));
  }

  @Test
  void whoeverTakesOverAfterAKillGoesOnExactly() throws Exception {
    SessionChannel shell = channel(0, ChannelKind.SHELL, "");
    ChannelRecorder recorder = record(shell, true);
    StringBuilder expected = new StringBuilder();
    for (int part = 0; part < 4; part++) {
      int from = part * 300;
      StringBuilder text = new StringBuilder();
      for (int i = from; i < from + 300; i++) {
        text.append("line ").append(i).append("\r\n");
        expected.append("line ").append(i).append('\n');
      }
      shows(recorder, text.toString());
      turnUntil(() -> store.texts(shell).size() >= from + 270);
      transcriber = another();
    }
    end(shell, recorder);
    turnUntil(() -> store.isDone(shell));
    assertThat(String.join("\n", store.texts(shell)) + "\n").isEqualTo(expected.toString());
  }

  @Test
  void aDatabaseThatWasAwayGetsEveryLineOnce() throws Exception {
    SessionChannel shell = channel(0, ChannelKind.SHELL, "");
    ChannelRecorder recorder = record(shell, true);
    shows(recorder, "one\r\n".repeat(1) + "two\r\nthree\r\n");
    end(shell, recorder);
    store.fail(true);
    transcriber.start();
    Thread.sleep(300);
    store.fail(false);
    transcriber.close();
    transcriber = another();
    turnUntil(() -> store.isDone(shell));
    assertThat(store.texts(shell)).containsExactly("one", "two", "three");
  }

  @Test
  void aDatabaseThatStandsStillHoldsNoRecordingBackAndGetsAllOfItLater() throws Exception {
    SessionChannel shell = channel(0, ChannelKind.SHELL, "");
    ChannelRecorder recorder = record(shell, true);
    CountDownLatch hangs = store.hang();
    shows(recorder, "line 0\r\n".repeat(100));
    transcriber.start();
    assertThat(hangs.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    int lines = 20_000;
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= lines; i++) {
      text.append("line ").append(i).append("\r\n");
    }
    shows(recorder, text.toString());
    end(shell, recorder);
    SessionChannel another = channel(1, ChannelKind.SHELL, "");
    ChannelRecorder beside = record(another, true);
    shows(beside, "beside\r\n");
    end(another, beside);
    assertThat(store.texts(shell)).as("nothing could be written").isEmpty();
    store.goOn();
    awaitDone(shell, another);
    transcriber.close();
    assertThat(store.texts(shell)).hasSize(100 + lines).endsWith("line " + lines);
    assertThat(store.texts(another)).containsExactly("beside");
  }

  @Test
  void anErrorOfJavasEndsNothing() throws Exception {
    transcriber = withRetry(Duration.ofMillis(10));
    SessionChannel shell = channel(0, ChannelKind.SHELL, "");
    ChannelRecorder recorder = record(shell, true);
    shows(recorder, "one\r\ntwo\r\n");
    end(shell, recorder);
    store.fail(new OutOfMemoryError("only said so"));
    transcriber.start();
    awaitDone(shell);
    transcriber.close();
    assertThat(store.hasFailed()).isTrue();
    assertThat(store.texts(shell)).containsExactly("one", "two");
  }

  private void awaitDone(SessionChannel... channels) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (!Stream.of(channels).allMatch(store::isDone)) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private Transcriber withRetry(Duration retry) {
    TranscriberLimits usual = TranscriberLimits.DEFAULT;
    return new Transcriber(
        "node",
        store,
        recordings,
        new TranscriberLimits(
            usual.render(),
            usual.look(),
            usual.openChannels(),
            usual.endedChannels(),
            usual.pieces(),
            usual.batchLines(),
            usual.lateness(),
            usual.restPercent(),
            retry),
        clock);
  }

  @Test
  void commandsTransfersAndForwardsHaveTheirLines() throws Exception {
    SessionChannel exec = channel(0, ChannelKind.EXEC, "cat 급여.txt");
    ChannelRecorder recorder = record(exec, false);
    types(recorder, "what it reads is left out");
    shows(recorder, "first\nse");
    shows(recorder, "cond \u001b[31mred\u001b[0m\n");
    end(exec, recorder);
    SessionChannel rsync = channel(1, ChannelKind.RSYNC, "rsync --server");
    ChannelRecorder transfer = record(rsync, false);
    shows(transfer, "protocol bytes\n");
    end(rsync, transfer);
    SessionChannel sftp = channel(2, ChannelKind.SFTP, "sftp");
    store.put(new FileOperation(session, 2, clock.instant(), "rename", "/a", "/b", "", 0, 0, "ok"));
    store.put(
        sftp.ended(new SessionChannel.End(clock.instant(), null, null, 0, 0, null, null, 0, true)));
    SessionChannel forward = channel(3, ChannelKind.LOCAL_FORWARD, "db:5432");
    turnUntil(
        () ->
            store.isDone(exec)
                && store.isDone(rsync)
                && store.isDone(sftp)
                && store.isDone(forward));
    assertThat(store.texts(exec)).containsExactly("cat 급여.txt", "first", "second red");
    assertThat(store.texts(rsync)).containsExactly("rsync --server");
    assertThat(store.texts(sftp)).containsExactly("rename /a → /b · ok");
    assertThat(store.texts(forward)).containsExactly("local-forward db:5432");
  }

  @Test
  void aRecordingThatIsGoneOrDamagedEndsItsTranscript() throws Exception {
    SessionChannel gone = channel(0, ChannelKind.SHELL, "");
    store.put(
        gone.ended(new SessionChannel.End(clock.instant(), null, null, 0, 0, null, null, 0, true)));
    turnUntil(() -> store.isDone(gone));
    assertThat(store.texts(gone)).isEmpty();
  }
}
