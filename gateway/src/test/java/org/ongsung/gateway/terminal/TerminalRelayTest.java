package org.ongsung.gateway.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.FileOperation;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.recording.FileRecordingStore;
import org.ongsung.recording.RecorderLimits;
import org.ongsung.recording.RecorderListener;
import org.ongsung.recording.Recorders;
import org.ongsung.recording.TerminalShape;

/// People who leave, before targets that take what was typed and before one that does not.
class TerminalRelayTest {
  private static final int DEADLINE_SECONDS = 30;

  @TempDir Path folder;

  private final Person person = new Person();
  private final Target target = new Target();
  private Recorders recorders;
  private FutureTask<TerminalRelay.End> running;

  @BeforeEach
  void start() throws Exception {
    recorders =
        new Recorders(new FileRecordingStore(folder), RecorderLimits.DEFAULT, Clock.systemUTC());
    SessionChannel channel =
        new SessionChannel(
            SessionId.create(Instant.now()), 0, ChannelKind.SHELL, "", Instant.now(), null);
    TerminalTap tap =
        new TerminalTap(recorders.open(channel, new TerminalShape("xterm", 80, 24), new Nobody()));
    running = new FutureTask<>(new TerminalRelay(person, target, null, tap, () -> {})::run);
    Thread.ofVirtual().start(running);
  }

  @AfterEach
  void stop() {
    target.close();
    recorders.close();
  }

  private void types(String text) {
    person.typed.add(new TerminalInput.Typed(text.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void whatWasTypedBeforeThePersonLeftArrives() throws Exception {
    types("shut");
    types("down\r");
    person.typed.add(new TerminalInput.Left());
    assertThat(running.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(TerminalRelay.End.PERSON);
    assertThat(target.taken()).isEqualTo("shutdown\r");
  }

  @Test
  void aTargetThatTakesNothingKeepsNobodyWhoHasLeft() throws Exception {
    target.takesNothing = true;
    types("pasted");
    target.written.await();
    types("more");
    person.typed.add(new TerminalInput.Left());
    assertThat(running.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(TerminalRelay.End.PERSON);
    assertThat(target.taken()).isEmpty();
  }

  @Test
  void aTargetThatTakesNothingKeepsNobodyWhoHungUp() throws Exception {
    target.takesNothing = true;
    types("pasted");
    target.written.await();
    person.hangUp();
    assertThat(running.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(TerminalRelay.End.PERSON);
  }

  /// Reads whatever is shown.
  private static final class Person implements TerminalFront {
    final TerminalInputQueue typed = new TerminalInputQueue(() -> {});

    @Override
    public TerminalInput next() throws InterruptedException {
      return typed.next();
    }

    @Override
    public void awaitLeft() throws InterruptedException {
      typed.awaitLeft();
    }

    @Override
    public void show(byte[] bytes, int offset, int length) {}

    @Override
    public void tell(Spoken line) {}

    @Override
    public Locale language() {
      return Locale.ENGLISH;
    }

    @Override
    public void hangUp() {
      typed.hangUp();
    }
  }

  /// Shows nothing.
  private static final class Target implements TerminalUpstream {
    final CountDownLatch written = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    volatile boolean takesNothing;

    synchronized String taken() {
      return taken.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public int read(byte[] into) throws IOException {
      awaitClose();
      return -1;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      written.countDown();
      if (takesNothing) {
        awaitClose();
        throw new IOException("closed");
      }
      synchronized (this) {
        taken.write(bytes, offset, length);
      }
    }

    private void awaitClose() throws IOException {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }

    @Override
    public void resize(int columns, int rows) {}

    @Override
    public void signal(TerminalSignal signal) {}

    @Override
    public TerminalExit exit() {
      return TerminalExit.UNKNOWN;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static final class Nobody implements RecorderListener {
    @Override
    public void fileOperations(List<FileOperation> operations) {}

    @Override
    public void failed(SessionChannel channel, Exception cause) {}

    @Override
    public void closed(SessionChannel channel, SessionChannel.End end) {}
  }
}
