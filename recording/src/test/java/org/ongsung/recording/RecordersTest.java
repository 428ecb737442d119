package org.ongsung.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.FileOperation;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.TextEncoding;

class RecordersTest {
  private static final int DEADLINE_SECONDS = 30;
  private static final TerminalShape SHAPE = new TerminalShape("xterm-256color", 80, 24);

  @TempDir Path folder;
  private FileRecordingStore store;
  private Recorders recorders;
  private Recordings recordings;
  private final SessionId session = SessionId.create(Instant.parse("2026-01-31T12:00:00Z"));
  private final Told told = new Told();

  static class Told implements RecorderListener {
    final List<FileOperation> operations = new CopyOnWriteArrayList<>();
    final List<Exception> failures = new CopyOnWriteArrayList<>();
    final List<SessionChannel.End> ends = new CopyOnWriteArrayList<>();
    final CountDownLatch failed = new CountDownLatch(1);
    volatile @Nullable RuntimeException refusal;

    @Override
    public void fileOperations(List<FileOperation> more) {
      if (refusal != null) {
        throw refusal;
      }
      operations.addAll(more);
    }

    @Override
    public void failed(SessionChannel channel, Exception cause) {
      failures.add(cause);
      failed.countDown();
    }

    @Override
    public void closed(SessionChannel channel, SessionChannel.End end) {
      ends.add(end);
    }

    void awaitFailure() throws InterruptedException {
      assertThat(failed.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @BeforeEach
  void open() throws IOException {
    store = new FileRecordingStore(folder.resolve("recordings"));
    recorders = new Recorders(store, RecorderLimits.DEFAULT, Clock.systemUTC());
    recordings = new Recordings(store, recorders::isOpen);
  }

  @AfterEach
  void close() {
    recorders.close();
  }

  private SessionChannel channel(int number, ChannelKind kind, String subject) {
    return new SessionChannel(
        session, number, kind, subject, Instant.parse("2026-01-31T12:00:01Z"), null);
  }

  private ChannelRecorder terminal() {
    return recorders.open(channel(0, ChannelKind.SHELL, ""), SHAPE, told);
  }

  private ChannelRecorder command(String command) {
    return recorders.open(channel(0, ChannelKind.EXEC, command), null, told);
  }

  private static void in(ChannelRecorder recorder, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    recorder.fromClient(bytes, 0, bytes.length);
  }

  private static void out(ChannelRecorder recorder, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    recorder.fromTarget(bytes, 0, bytes.length);
  }

  private static SessionChannel.End end(ChannelRecorder recorder) throws Exception {
    return recorder.close(0, null).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private String text(int channel) throws IOException {
    try (InputStream in = recordings.open(new RecordingId(session, channel))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void aTerminalIsRecordedWithOutputInputAndResizes() throws Exception {
    ChannelRecorder recorder = terminal();
    out(recorder, "$ ");
    in(recorder, "ls");
    out(recorder, "ls");
    in(recorder, "\r");
    recorder.resized(120, 40);
    out(recorder, "\r\n한글\r\n");
    SessionChannel.End end = end(recorder);
    assertThat(text(0).lines())
        .hasSize(7)
        .first()
        .asString()
        .contains("\"version\": 2, \"width\": 80, \"height\": 24, \"timestamp\": 1769860801")
        .contains("\"TERM\": \"xterm-256color\"");
    assertThat(text(0).lines().map(line -> line.replaceFirst("[0-9.]+", "T")).skip(1))
        .containsExactly(
            "[T, \"o\", \"$ \"]",
            "[T, \"m\", \"input\"]",
            "[T, \"o\", \"ls\"]",
            "[T, \"i\", \"ls\\r\"]",
            "[T, \"r\", \"120x40\"]",
            "[T, \"o\", \"\\r\\n한글\\r\\n\"]");
    assertThat(end.bytesFromClient()).isEqualTo(3);
    assertThat(end.sha256FromClient()).isEqualTo(sha256("ls\r".getBytes(StandardCharsets.UTF_8)));
    assertThat(end.sha256ToClient())
        .isEqualTo(sha256("$ ls\r\n한글\r\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(end.complete()).isTrue();
    assertThat(told.ends).containsExactly(end);
    assertThat(told.failures).isEmpty();
  }

  @Test
  void aHiddenPasswordIsNowhereInTheRecordAndHasNoDigest() throws Exception {
    ChannelRecorder recorder = terminal();
    out(recorder, "Password: ");
    in(recorder, "hunter2");
    in(recorder, "\r");
    out(recorder, "\r\n$ ");
    SessionChannel.End end = end(recorder);
    assertThat(text(0)).doesNotContain("hunter2").contains("[hidden input]");
    assertThat(end.sha256FromClient()).isNull();
    assertThat(end.bytesFromClient()).isEqualTo(8);
  }

  @Test
  void whatIsNotUtf8IsShownByReplacementAndCounted() throws Exception {
    ChannelRecorder recorder = terminal();
    recorder.fromTarget(new byte[] {'a', (byte) 0xff, 'b'}, 0, 3);
    SessionChannel.End end = end(recorder);
    assertThat(text(0)).contains("a\ufffdb");
    assertThat(end.replaced()).isEqualTo(1);
  }

  @Test
  void whatATargetWritesInItsOwnEncodingIsRecordedInUtf8AndDigestedAsItCame() throws Exception {
    Charset cp949 = TextEncoding.CP949.charset();
    TerminalShape shape = new TerminalShape("xterm", 80, 24, TextEncoding.CP949);
    ChannelRecorder recorder = recorders.open(channel(0, ChannelKind.SHELL, ""), shape, told);
    byte[] shown = "$ \u001b[31m펲시\u001b[0m\r\n".getBytes(cp949);
    for (int at = 0; at < shown.length; at++) {
      recorder.fromTarget(shown, at, 1);
    }
    in(recorder, "한글");
    byte[] echo = "한글".getBytes(cp949);
    recorder.fromTarget(echo, 0, echo.length);
    in(recorder, "\r");
    byte[] half = {'\r', '\n', echo[0]};
    recorder.fromTarget(half, 0, half.length);
    SessionChannel.End end = end(recorder);
    String written = text(0).replaceAll("\"]\\n\\[[0-9.]+, \"o\", \"", "");
    assertThat(written.replace("\\u001b", "ESC"))
        .contains("$ ESC[31m펲시ESC[0m", "\"i\", \"한글")
        .contains("\ufffd");
    assertThat(end.sha256ToClient()).isEqualTo(sha256(all(shown, echo, half)));
    assertThat(end.sha256FromClient()).isEqualTo(sha256("한글\r".getBytes(StandardCharsets.UTF_8)));
    assertThat(end.bytesToClient()).isEqualTo(shown.length + echo.length + half.length);
    assertThat(end.replaced()).isEqualTo(1);
  }

  private static byte[] all(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  void aCommandKeepsTheFirstOfEachStreamAndDigestsAll() throws Exception {
    ChannelRecorder recorder = command("tar cz \"x\"");
    byte[] big = new byte[200_000];
    new java.util.Random(1).nextBytes(big);
    in(recorder, "input");
    for (int at = 0; at < big.length; at += 20_000) {
      recorder.fromTarget(big, at, 20_000);
    }
    byte[] warning = "경고".getBytes(StandardCharsets.UTF_8);
    recorder.errorFromTarget(warning, 0, warning.length);
    SessionChannel.End end = recorder.close(null, "TERM").get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    List<String> lines = text(0).lines().toList();
    assertThat(lines.getFirst()).contains("\"kind\": \"exec\", \"command\": \"tar cz \\\"x\\\"\"");
    assertThat(lines.getLast())
        .contains("\"exitStatus\": null, \"exitSignal\": \"TERM\"")
        .contains("\"stdout\": {\"bytes\": 200000, \"kept\": 65536, \"sha256\": \"" + sha256(big));
    assertThat(text(0)).contains("\"stdin\", \"text:input\"").contains("\"stderr\", \"text:경고\"");
    assertThat(end.sha256ToClient()).isEqualTo(sha256(big));
    assertThat(end.bytesToClient()).isEqualTo(200_006);
    assertThat(end.exitSignal()).isEqualTo("TERM");
  }

  @Test
  void recordingsLieInFilesForTheOwnerAlone() throws Exception {
    end(command("true"));
    Path root = folder.resolve("recordings");
    Path file = root.resolve("2026/01/31/" + session + "-0.zst");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> all = Files.walk(root).filter(Files::isDirectory)) {
      assertThat(all.map(this::mode)).hasSize(4).allMatch("rwx------"::equals);
    }
  }

  private String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aRecordingIsNeverWrittenOver() throws Exception {
    end(command("true"));
    assertThatThrownBy(() -> command("true")).isInstanceOf(RecordUnavailableException.class);
  }

  @Test
  void fileOperationsReachTheOwnerInOrderBeforeTheEnd() throws Exception {
    ChannelRecorder recorder = recorders.open(channel(0, ChannelKind.SFTP, "sftp"), null, told);
    for (int i = 0; i < 3_000; i++) {
      recorder.fileOperation("open", "/f" + i, "", "read", 0, 0, "ok");
    }
    end(recorder);
    assertThat(told.operations).hasSize(3_000);
    assertThat(told.operations.get(2_999).path()).isEqualTo("/f2999");
  }

  @Test
  void anOperationThatCannotBeKeptFailsTheRecord() throws Exception {
    told.refusal = new IllegalStateException("no store");
    ChannelRecorder recorder = recorders.open(channel(0, ChannelKind.SFTP, "sftp"), null, told);
    recorder.fileOperation("open", "/f", "", "read", 0, 0, "ok");
    told.awaitFailure();
    assertThat(recorder.fileOperation("open", "/g", "", "read", 0, 0, "ok")).isFalse();
    assertThat(end(recorder).complete()).isFalse();
  }

  @Test
  void theLastFlushedSecondIsReadableWhileTheRecordGrows() throws Exception {
    ChannelRecorder recorder = terminal();
    out(recorder, "before the crash");
    Instant deadline = Instant.now().plus(Duration.ofSeconds(DEADLINE_SECONDS));
    while (!text(0).contains("before the crash") && Instant.now().isBefore(deadline)) {
      Thread.sleep(20);
    }
    assertThat(text(0)).contains("before the crash");
    end(recorder);
  }

  @Test
  void aRecordingCutAnywhereStillReadsAsWholeLines() throws Exception {
    ChannelRecorder recorder = terminal();
    for (int i = 0; i < 5; i++) {
      out(recorder, "line " + i + "\r\n");
      Thread.sleep(300);
    }
    end(recorder);
    Path file = folder.resolve("recordings/2026/01/31/" + session + "-0.zst");
    String whole = text(0);
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      String cut = text(0);
      assertThat(whole).startsWith(cut);
      assertThat(cut.isEmpty() || cut.endsWith("\n")).isTrue();
    }
  }

  @Test
  void theEndOfAnInterruptedChannelIsWhereItsRecordingEnds() throws Exception {
    ChannelRecorder recorder = terminal();
    out(recorder, "12345");
    in(recorder, "\r");
    end(recorder);
    SessionChannel.End end = recordings.endOf(recorder.channel());
    assertThat(end.bytesToClient()).isEqualTo(5);
    assertThat(end.bytesFromClient()).isEqualTo(1);
    assertThat(end.complete()).isFalse();
    assertThat(recordings.endOf(channel(7, ChannelKind.SFTP, "")).bytesToClient()).isZero();
  }

  @Test
  void whoFollowsAGrowingRecordingSeesEachLineAndTheEnd() throws Exception {
    ChannelRecorder recorder = terminal();
    List<String> lines = new CopyOnWriteArrayList<>();
    CountDownLatch second = new CountDownLatch(3);
    CountDownLatch ended = new CountDownLatch(1);
    var following =
        recordings.follow(
            new RecordingId(session, 0),
            new RecordingFollower() {
              @Override
              public void line(String line) {
                lines.add(line);
                second.countDown();
              }

              @Override
              public void ended() {
                ended.countDown();
              }
            });
    out(recorder, "one");
    Thread.sleep(600);
    out(recorder, "two");
    assertThat(second.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(ended.getCount()).isEqualTo(1);
    end(recorder);
    assertThat(ended.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(2)).contains("two");
    following.close();
  }

  @Test
  void asManyRecordingsAsTheLimitAreFollowedAndOneMoreIsRefused() throws Exception {
    ChannelRecorder recorder = terminal();
    out(recorder, "one");
    RecordingId id = new RecordingId(session, 0);
    CountDownLatch ended = new CountDownLatch(1);
    List<AutoCloseable> followed = new ArrayList<>();
    for (int i = 0; i < Recordings.MAX_FOLLOWED; i++) {
      followed.add(recordings.follow(id, follower(i == 0 ? ended : new CountDownLatch(1))));
    }
    assertThatThrownBy(() -> recordings.follow(id, follower(new CountDownLatch(1))))
        .isInstanceOf(RecordUnavailableException.class)
        .hasMessageContaining("too many");
    followed.removeFirst().close();
    assertThat(ended.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    followed.add(recordings.follow(id, follower(new CountDownLatch(1))));
    end(recorder);
    for (AutoCloseable one : followed) {
      one.close();
    }
  }

  private static RecordingFollower follower(CountDownLatch ended) {
    return new RecordingFollower() {
      @Override
      public void line(String line) {}

      @Override
      public void ended() {
        ended.countDown();
      }
    };
  }
}
