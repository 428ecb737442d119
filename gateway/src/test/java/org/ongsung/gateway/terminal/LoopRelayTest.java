package org.ongsung.gateway.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.gateway.loop.SelectorLoop;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LoginPrompts;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.TextEncoding;
import org.ongsung.model.Title;
import org.ongsung.recording.ChannelRecorder;

/// Who waits for whom between a person, a target and the record on one event loop, and how it ends.
class LoopRelayTest {
  private static final int DEADLINE_SECONDS = 30;

  private final SelectorLoop loop =
      new SelectorLoop("loop-of-a-test", new SelectorLoop.Limits(100, 1_000));
  private final Person person = new Person();
  private final Target target = new Target();
  private final Recorder recorder = new Recorder();
  private FutureTask<TerminalRelay.End> running;
  private @Nullable TerminalTranslation translation;
  private int touched;

  @BeforeEach
  void start() {
    loop.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    assertThat(loop.join(Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
  }

  private void relay() throws Exception {
    LoopRelay relay =
        new LoopRelay(
            person, target, target, translation, new TerminalTap(recorder), () -> touched++);
    running = new FutureTask<>(relay::run);
    Thread.ofVirtual().start(running);
    await(() -> person.listener != null && target.listener != null);
  }

  /// Runs on the loop and waits until it has run.
  private void onLoop(Runnable task) throws Exception {
    CompletableFuture<?> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          task.run();
          done.complete(null);
        });
    done.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private void await(BooleanSupplier so) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    boolean[] holds = new boolean[1];
    while (!holds[0] && System.nanoTime() - end < 0) {
      onLoop(() -> holds[0] = so.getAsBoolean());
    }
    assertThat(holds[0]).isTrue();
  }

  private void types(String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    onLoop(() -> person.listener.did(new TerminalInput.Typed(bytes)));
  }

  private void shows(byte[] bytes) throws Exception {
    onLoop(() -> target.listener.showed(bytes, 0, bytes.length));
  }

  private TerminalRelay.End end() throws Exception {
    return running.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void passesBothWaysAfterTheRecordHasIt() throws Exception {
    relay();
    types("ls\r");
    onLoop(() -> person.listener.did(new TerminalInput.Resized(100, 40)));
    onLoop(() -> person.listener.did(new TerminalInput.Signalled(TerminalSignal.BREAK)));
    shows("a b".getBytes(StandardCharsets.UTF_8));
    assertThat(target.taken).hasToString("ls\r[100x40][BREAK]");
    assertThat(person.shown).hasToString("a b");
    assertThat(recorder.record).hasToString(">ls\r|100x40|<a b");
    assertThat(touched).isEqualTo(2);
    onLoop(() -> target.listener.over(null));
    assertThat(end()).isEqualTo(TerminalRelay.End.TARGET);
    assertThat(target.closed).isTrue();
  }

  @Test
  void aTargetWithoutRoomHoldsThePersonAlone() throws Exception {
    relay();
    target.room = false;
    types("much");
    assertThat(person.held).isTrue();
    assertThat(target.held).isFalse();
    onLoop(() -> target.listener.roomToType());
    assertThat(person.held).isFalse();
  }

  @Test
  void aPersonWithoutRoomHoldsTheTargetAlone() throws Exception {
    relay();
    person.room = false;
    shows(new byte[] {'x'});
    assertThat(target.held).isTrue();
    assertThat(person.held).isFalse();
    onLoop(() -> person.listener.roomToShow());
    assertThat(target.held).isFalse();
  }

  @Test
  void aRecordWithoutRoomHoldsBothUntilItHasSome() throws Exception {
    relay();
    recorder.room = false;
    shows(new byte[] {'x'});
    types("y");
    assertThat(person.held).isTrue();
    assertThat(target.held).isTrue();
    recorder.whenRoom.run();
    await(() -> !person.held && !target.held);
    assertThat(person.shown).hasToString("x");
    assertThat(target.taken).hasToString("y");
  }

  @Test
  void roomInTheRecordReleasesNobodyWhomTheOtherSideHolds() throws Exception {
    relay();
    recorder.room = false;
    person.room = false;
    shows(new byte[] {'x'});
    recorder.whenRoom.run();
    await(() -> !person.held);
    assertThat(target.held).isTrue();
  }

  @Test
  void whatWasTypedBeforeThePersonLeftArrives() throws Exception {
    relay();
    types("shutdown\r");
    onLoop(
        () -> {
          person.listener.left();
          person.listener.did(new TerminalInput.Left());
        });
    assertThat(end()).isEqualTo(TerminalRelay.End.PERSON);
    assertThat(target.taken).hasToString("shutdown\r");
  }

  @Test
  void aTargetThatTakesNothingKeepsNobodyWhoHasLeft() throws Exception {
    relay();
    target.room = false;
    types("pasted");
    onLoop(() -> person.listener.left()); // what they did last is held back
    assertThat(end()).isEqualTo(TerminalRelay.End.PERSON);
    assertThat(target.closed).isTrue();
  }

  @Test
  void aLostTargetIsToldFromOneThatLeft() throws Exception {
    relay();
    onLoop(() -> target.listener.over(new IOException("reset")));
    assertThat(end()).isEqualTo(TerminalRelay.End.TARGET_LOST);
  }

  @Test
  void aPersonWhoTakesNothingMoreHasLeft() throws Exception {
    relay();
    person.gone = true;
    shows(new byte[] {'x'});
    assertThat(end()).isEqualTo(TerminalRelay.End.PERSON);
  }

  @Test
  void aTargetThatTakesNothingMoreIsStillRead() throws Exception {
    relay();
    target.gone = true;
    types("x");
    types("y");
    shows(new byte[] {'z'});
    assertThat(person.shown).hasToString("z");
    assertThat(running.isDone()).isFalse();
    onLoop(() -> target.listener.over(null));
    assertThat(end()).isEqualTo(TerminalRelay.End.TARGET);
  }

  @Test
  void aMistakeEndsTheRelayAndNotTheLoop() throws Exception {
    relay();
    recorder.fails = true;
    types("x");
    assertThat(catchThrowable(this::end)).hasRootCauseMessage("a mistake");
    assertThat(target.closed).isTrue();
    onLoop(() -> {});
  }

  @Test
  void aCharacterThatTheTargetLeftUnfinishedIsShown() throws Exception {
    translation = TerminalTranslation.of(korean());
    relay();
    byte[] korean = "\uAC00".getBytes(TextEncoding.EUC_KR.charset());
    shows(korean);
    shows(new byte[] {korean[0]});
    onLoop(() -> target.listener.over(null));
    assertThat(end()).isEqualTo(TerminalRelay.End.TARGET);
    assertThat(person.shown).hasToString("\uAC00\uFFFD");
  }

  private static org.ongsung.model.Target korean() {
    return new org.ongsung.model.Target(
        Name.of("switch-1"),
        Title.NONE,
        Protocol.TELNET,
        new HostAndPort("switch-1.example", 23),
        Map.of(),
        HostKeyPolicy.PINNED,
        List.of(),
        List.of(),
        LoginPrompts.USUAL,
        TextEncoding.EUC_KR);
  }

  private final class Person implements PersonOnLoop {
    final StringBuilder shown = new StringBuilder();
    volatile PersonOnLoop.@Nullable Listener listener;
    boolean held;
    boolean room = true;
    boolean gone;

    @Override
    public SelectorLoop loop() {
      return loop;
    }

    @Override
    public void handTo(PersonOnLoop.Listener to) {
      listener = to;
    }

    @Override
    public void hold(boolean now) {
      held = now;
    }

    @Override
    public boolean show(byte[] bytes, int offset, int length) throws IOException {
      if (gone) {
        throw new IOException("gone");
      }
      shown.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
      return room;
    }
  }

  private static final class Target implements TargetOnLoop, TerminalUpstream {
    final StringBuilder taken = new StringBuilder();
    volatile TargetOnLoop.@Nullable Listener listener;
    volatile boolean closed;
    boolean held;
    boolean room = true;
    boolean gone;

    @Override
    public void handTo(TargetOnLoop.Listener to) {
      listener = to;
    }

    @Override
    public void hold(boolean now) {
      held = now;
    }

    @Override
    public boolean type(byte[] bytes, int offset, int length) throws IOException {
      if (gone) {
        throw new IOException("gone");
      }
      taken.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
      return room;
    }

    @Override
    public void closeWhenTaken() {
      if (room) {
        listener.over(null);
      }
    }

    @Override
    public int read(byte[] into) {
      throw new AssertionError("it is on a loop");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      throw new AssertionError("it is on a loop");
    }

    @Override
    public void resize(int columns, int rows) {
      taken.append('[').append(columns).append('x').append(rows).append(']');
    }

    @Override
    public void signal(TerminalSignal signal) {
      taken.append('[').append(signal).append(']');
    }

    @Override
    public TerminalExit exit() {
      return TerminalExit.UNKNOWN;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static final class Recorder implements ChannelRecorder {
    final StringBuilder record = new StringBuilder();
    Runnable whenRoom = () -> {};
    boolean room = true;
    boolean fails;

    @Override
    public SessionChannel channel() {
      return new SessionChannel(
          SessionId.create(Instant.EPOCH), 0, ChannelKind.SHELL, "", Instant.EPOCH, null);
    }

    private boolean took(char way, byte[] bytes, int offset, int length) {
      if (fails) {
        throw new LinkageError("a mistake");
      }
      record.append(way).append(new String(bytes, offset, length, StandardCharsets.UTF_8));
      return room;
    }

    @Override
    public boolean fromClient(byte[] bytes, int offset, int length) {
      return took('>', bytes, offset, length);
    }

    @Override
    public boolean fromTarget(byte[] bytes, int offset, int length) {
      return took('<', bytes, offset, length);
    }

    @Override
    public boolean errorFromTarget(byte[] bytes, int offset, int length) {
      return took('!', bytes, offset, length);
    }

    @Override
    public void resized(int columns, int rows) {
      record.append('|').append(columns).append('x').append(rows).append('|');
    }

    @Override
    public boolean fileOperation(
        String kind,
        String path,
        String otherPath,
        String detail,
        long bytesRead,
        long bytesWritten,
        String result) {
      throw new AssertionError("no files");
    }

    @Override
    public long bytesFromClient() {
      return 0;
    }

    @Override
    public long bytesToClient() {
      return 0;
    }

    @Override
    public void onRoom(Runnable listener) {
      whenRoom = listener;
    }

    @Override
    public CompletableFuture<SessionChannel.End> close(
        @Nullable Integer exitStatus, @Nullable String exitSignal) {
      return new CompletableFuture<>();
    }
  }
}
