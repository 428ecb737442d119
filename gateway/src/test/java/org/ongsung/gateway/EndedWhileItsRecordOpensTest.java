package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ongsung.gateway.terminal.Spoken;
import org.ongsung.gateway.terminal.TerminalExit;
import org.ongsung.gateway.terminal.TerminalFront;
import org.ongsung.gateway.terminal.TerminalInput;
import org.ongsung.gateway.terminal.TerminalOutcome;
import org.ongsung.gateway.terminal.TerminalRequest;
import org.ongsung.gateway.terminal.TerminalSignal;
import org.ongsung.gateway.terminal.TerminalUpstream;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.model.EndReason;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.SessionId;

/// A terminal whose session is ended after its target was reached and before its record is open:
/// everything is let go, and the person reads why it was ended and nothing else.
class EndedWhileItsRecordOpensTest {
  private static final TerminalRequest XTERM = new TerminalRequest("xterm", 80, 24, Map.of());

  @Test
  void thePersonReadsWhyAndNothingStaysOpen() throws Exception {
    try (GatewayFixture fixture = new GatewayFixture()) {
      Target target = new Target();
      Person person = new Person();
      Terminals terminals = new Terminals(fixture.gateway);
      terminals.reach(Protocol.SSH, (session, request) -> target);
      fixture.sessions.channelsMayOpen = new CountDownLatch(1);
      FutureTask<TerminalOutcome> terminal =
          new FutureTask<>(() -> terminals.run(fixture.permitted(), fixture.client, XTERM, person));
      Thread.startVirtualThread(terminal);
      assertThat(fixture.sessions.aChannelOpens.await(30, TimeUnit.SECONDS)).isTrue();
      SessionId session = fixture.gateway.list().getFirst().id();
      assertThat(fixture.gateway.terminate(session, Name.of("boss"), "maintenance")).isTrue();
      assertThat(person.hungUp.await(30, TimeUnit.SECONDS)).isTrue();
      fixture.sessions.channelsMayOpen.countDown();
      assertThat(terminal.get(30, TimeUnit.SECONDS)).isInstanceOf(TerminalOutcome.CutOff.class);
      assertThat(person.told).singleElement().asString().contains("maintenance");
      assertThat(target.closed.getCount()).isZero();
      GatewayFixture.await(() -> fixture.gateway.list().isEmpty(), "no live session");
      GatewayFixture.await(() -> fixture.recorders.openRecordings() == 0, "no open recording");
      assertThat(fixture.sessions.find(session).orElseThrow().end().reason().code())
          .isEqualTo(EndReason.Code.ADMINISTRATOR);
    }
  }

  private static final class Person implements TerminalFront {
    final List<String> told = new CopyOnWriteArrayList<>();
    final CountDownLatch hungUp = new CountDownLatch(1);

    @Override
    public TerminalInput next() throws InterruptedException {
      hungUp.await();
      return new TerminalInput.Left();
    }

    @Override
    public void awaitLeft() throws InterruptedException {
      hungUp.await();
    }

    @Override
    public void show(byte[] bytes, int offset, int length) {}

    @Override
    public void tell(Spoken line) {
      told.add(line.in(Locale.ENGLISH));
    }

    @Override
    public Locale language() {
      return Locale.ENGLISH;
    }

    @Override
    public void hangUp() {
      hungUp.countDown();
    }
  }

  private static final class Target implements TerminalUpstream {
    final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read(byte[] into) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return -1;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {}

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
}
