package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.Grant;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionState;
import org.ongsung.policy.AccessRequest;
import org.ongsung.recording.ChannelRecorder;
import org.ongsung.recording.RecordUnavailableException;

class SessionGatewayTest {
  /// A session is opened within it, on a busy machine too.
  private static final Duration ENOUGH_TO_OPEN = Duration.ofSeconds(3);

  private GatewayFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new GatewayFixture();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void limit(Grant.Limits limits) {
    fixture.people.change(change -> change.put(GatewayFixture.grant(null, limits)));
  }

  @Test
  void aSessionIsDurableBeforeItIsGiven() throws Exception {
    OpenSession session = fixture.open();
    Session row = fixture.sessions.find(session.id()).orElseThrow();
    assertThat(row.state()).isEqualTo(SessionState.LIVE);
    assertThat(row.source()).isEqualTo("127.0.0.1");
    AuditEvent start = fixture.events.of(AuditCode.SESSION_START).getFirst();
    assertThat(start.actor()).isEqualTo("alice");
    assertThat(start.subject()).isEqualTo("web-1");
    assertThat(start.details())
        .containsEntry("grant", "ops")
        .containsEntry("account", "root")
        .containsEntry("factors", "password");
    assertThat(fixture.gateway.list()).containsExactly(row);
    session.end(SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT));
    assertThat(fixture.awaitEnd(session).end().reason().code())
        .isEqualTo(EndReason.Code.PERSON_LEFT);
    GatewayFixture.await(() -> fixture.gateway.list().isEmpty(), "no live session");
  }

  @Test
  void aChannelIsDurableBeforeItIsGivenAndItsEndIsTold() throws Exception {
    OpenSession session = fixture.open();
    ChannelRecorder recorder =
        session.openChannel(ChannelKind.SHELL, "", new OpenSession.Terminal("xterm", 80, 24));
    assertThat(fixture.sessions.channels(session.id())).hasSize(1);
    assertThat(fixture.events.of(AuditCode.CHANNEL_OPEN).getFirst().details())
        .containsEntry("kind", "shell")
        .containsEntry("terminal", "xterm 80x24");
    recorder.fromTarget(new byte[100], 0, 100);
    recorder.close(3, null).get(30, TimeUnit.SECONDS);
    AuditEvent closed = fixture.awaitEvent(AuditCode.CHANNEL_CLOSE);
    assertThat(closed.details())
        .containsEntry("exitStatus", "3")
        .containsEntry("bytesToClient", "100")
        .containsKey("sha256ToClient");
    session.end(SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT));
    assertThat(fixture.awaitEnd(session).end().bytesToClient()).isEqualTo(100);
    assertThat(fixture.gateway.figures().bytesToClients()).isEqualTo(100);
  }

  @Test
  void theEndOfASessionClosesItsChannels() throws Exception {
    OpenSession session = fixture.open();
    session.openChannel(ChannelKind.EXEC, "sleep 9", null).fromClient(new byte[7], 0, 7);
    session.end(SessionState.FAILED, EndReason.of(EndReason.Code.TARGET_HUNG_UP, "gone"));
    Session ended = fixture.awaitEnd(session);
    assertThat(ended.state()).isEqualTo(SessionState.FAILED);
    assertThat(ended.end().bytesFromClient()).isEqualTo(7);
    assertThat(fixture.sessions.channels(session.id()).getFirst().end().complete()).isTrue();
    fixture.awaitEvent(AuditCode.SESSION_FAILED);
  }

  @Test
  void theEndOfASessionIsWrittenAfterThatOfAChannelThatIsBeingClosed() throws Exception {
    OpenSession session = fixture.open();
    ChannelRecorder command = session.openChannel(ChannelKind.EXEC, "id", null);
    fixture.sessions.channelsMayClose = new CountDownLatch(1);
    var _ = command.close(0, null);
    assertThat(fixture.sessions.aChannelCloses.await(30, TimeUnit.SECONDS)).isTrue();
    session.end(SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT));
    Thread.sleep(300); // in which it would be written
    assertThat(fixture.sessions.find(session.id()).orElseThrow().end()).isNull();
    fixture.sessions.channelsMayClose.countDown();
    fixture.awaitEnd(session);
    assertThat(fixture.sessions.channels(session.id()).getFirst().end()).isNotNull();
    assertThat(fixture.events.codes())
        .containsSubsequence(AuditCode.CHANNEL_CLOSE, AuditCode.SESSION_END);
  }

  @Test
  void aChannelIsRefusedWhenItsSessionEndsMeanwhileAndNothingStaysOpen() throws Exception {
    OpenSession session = fixture.open();
    fixture.sessions.channelsMayOpen = new CountDownLatch(1);
    FutureTask<ChannelRecorder> opening =
        new FutureTask<>(() -> session.openChannel(ChannelKind.EXEC, "id", null));
    Thread.startVirtualThread(opening);
    assertThat(fixture.sessions.aChannelOpens.await(30, TimeUnit.SECONDS)).isTrue();
    session.end(SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT));
    fixture.awaitEnd(session);
    fixture.sessions.channelsMayOpen.countDown();
    assertThatThrownBy(() -> opening.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(RecordUnavailableException.class)
        .hasMessageContaining("the session is ending");
    GatewayFixture.await(
        () -> fixture.sessions.channels(session.id()).getFirst().end() != null,
        "the end of the channel that was refused");
    GatewayFixture.await(() -> fixture.recorders.openRecordings() == 0, "no open recording");
    GatewayFixture.await(() -> fixture.gateway.list().isEmpty(), "no live session");
    assertThat(fixture.sessions.find(session.id()).orElseThrow().state())
        .as("nobody takes it for a lost record")
        .isEqualTo(SessionState.ENDED);
    assertThatThrownBy(() -> session.openChannel(ChannelKind.EXEC, "id", null))
        .isInstanceOf(RecordUnavailableException.class);
    assertThat(fixture.sessions.channels(session.id())).as("no second one").hasSize(1);
  }

  @Test
  void noMoreSessionsStartThanTheGrantAllows() throws Exception {
    limit(new Grant.Limits(null, null, 2));
    OpenSession first = fixture.open();
    fixture.open();
    assertThatThrownBy(() -> fixture.open())
        .isInstanceOf(SessionRefusedException.class)
        .hasMessageContaining("as many sessions as allowed");
    assertThat(fixture.awaitEvent(AuditCode.ACCESS_DENIED).details())
        .containsEntry("reason", "limits.sessions of the grant");
    first.end(SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT));
    GatewayFixture.await(() -> fixture.gateway.list().size() == 1, "one session has ended");
    fixture.open();
  }

  @Test
  void sessionsOfOtherNodesCountTowardsTheGrant() throws Exception {
    limit(new Grant.Limits(null, null, 1));
    Session here = fixture.sessions.find(fixture.open().id()).orElseThrow();
    fixture.gateway.terminate(here.id(), Name.of("admin"), "room");
    fixture.sessions.start(
        new Session(
            org.ongsung.model.SessionId.create(here.startedAt()),
            here.user(),
            here.target(),
            here.account(),
            here.login(),
            here.protocol(),
            here.grant(),
            here.factors(),
            here.source(),
            here.client(),
            "node-2",
            here.startedAt(),
            null));
    GatewayFixture.await(() -> fixture.gateway.list().isEmpty(), "no live session here");
    assertThatThrownBy(() -> fixture.open()).isInstanceOf(SessionRefusedException.class);
  }

  @Test
  void noMoreSessionsStartThanTheGatewayAllows() throws Exception {
    for (int i = 0; i < GatewayFixture.QUICK.sessions(); i++) {
      fixture.open();
    }
    assertThatThrownBy(() -> fixture.open()).isInstanceOf(SessionRefusedException.class);
    assertThat(fixture.gateway.figures().refusedSessions()).isEqualTo(1);
  }

  @Test
  void noMoreChannelsAreOpenThanTheGatewayAllows() throws Exception {
    OpenSession session = fixture.open();
    for (int i = 0; i < GatewayFixture.QUICK.openChannels(); i++) {
      session.openChannel(ChannelKind.LOCAL_FORWARD, "db:5432", null);
    }
    assertThatThrownBy(() -> session.openChannel(ChannelKind.LOCAL_FORWARD, "db:5432", null))
        .hasMessageContaining("too many channels");
    assertThat(fixture.gateway.list()).as("the session goes on").hasSize(1);
  }

  @Test
  void aRevokedGrantEndsItsSessions() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    fixture.people.change(change -> change.deleteGrant(GatewayFixture.OPS));
    assertThat(carried.awaitNotice().reason().text()).contains("withdrawn");
    Session ended = fixture.awaitEnd(carried.session);
    assertThat(ended.state()).isEqualTo(SessionState.TERMINATED);
    assertThat(fixture.awaitEvent(AuditCode.SESSION_TERMINATED).details())
        .containsEntry("cause", "revoked");
    GatewayFixture.await(
        () -> fixture.gateway.figures().terminatedSessions() == 1, "the count of terminated");
  }

  @Test
  void aRevocationThatNobodyToldOfIsFoundByLooking() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    fixture.people.silent = true;
    fixture.people.change(change -> change.put(GatewayFixture.user(false)));
    assertThat(carried.awaitNotice().state()).isEqualTo(SessionState.TERMINATED);
  }

  @Test
  void anErrorOfJavasEndsTheSessionThatItMetAndNotTheWatchOverAllOthers() throws Exception {
    GatewayFixture.Carried hit = fixture.carry();
    fixture.people.fault = new StackOverflowError("only said so");
    assertThat(hit.awaitNotice().reason().code()).isEqualTo(EndReason.Code.RECORD_FAILED);
    fixture.people.fault = null;
    GatewayFixture.Carried next = fixture.carry();
    fixture.people.silent = true;
    fixture.people.change(change -> change.put(GatewayFixture.user(false)));
    assertThat(next.awaitNotice().reason().code()).isEqualTo(EndReason.Code.REVOKED);
  }

  @Test
  void anErrorOfJavasKeepsNoSessionFromEnding() throws Exception {
    OpenSession session = fixture.open();
    fixture.sessions.faults.addAll(
        List.of(new StackOverflowError("only said so"), new StackOverflowError("and again")));
    session.end(SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT));
    assertThat(fixture.awaitEnd(session).state()).isEqualTo(SessionState.ENDED);
    assertThat(fixture.sessions.faults).isEmpty();
    GatewayFixture.await(() -> fixture.gateway.list().isEmpty(), "no live session");
  }

  @Test
  void aSessionEndsWhenTheTimeOfItsGrantIsOver() throws Exception {
    OffsetDateTime until = fixture.clock.instant().plus(ENOUGH_TO_OPEN).atOffset(ZoneOffset.UTC);
    fixture.people.change(change -> change.put(GatewayFixture.grant(until, Grant.Limits.NONE)));
    GatewayFixture.Carried carried = fixture.carry();
    assertThat(carried.awaitNotice().reason().text()).contains("is over");
    assertThat(fixture.awaitEvent(AuditCode.SESSION_TERMINATED).details())
        .containsEntry("cause", "grant-ended");
  }

  @Test
  void aGrantThatIsShortenedEndsItsSessionsWhenItsNewTimeIsOver() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    OffsetDateTime until = fixture.clock.instant().plusMillis(400).atOffset(ZoneOffset.UTC);
    fixture.people.change(change -> change.put(GatewayFixture.grant(until, Grant.Limits.NONE)));
    assertThat(carried.awaitNotice().reason().text()).contains("is over");
    assertThat(fixture.awaitEvent(AuditCode.SESSION_TERMINATED).details())
        .containsEntry("cause", "grant-ended");
  }

  @Test
  void settingTheClockBackDoesNotLengthenAShortenedGrant() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    OffsetDateTime until = fixture.clock.instant().plusMillis(400).atOffset(ZoneOffset.UTC);
    fixture.people.change(change -> change.put(GatewayFixture.grant(until, Grant.Limits.NONE)));
    fixture.clockOffset = Duration.ofHours(-1);
    assertThat(carried.awaitNotice().reason().text()).contains("is over");
  }

  @Test
  void aGrantThatIsProlongedKeepsItsSessions() throws Exception {
    OffsetDateTime until = fixture.clock.instant().plus(ENOUGH_TO_OPEN).atOffset(ZoneOffset.UTC);
    fixture.people.change(change -> change.put(GatewayFixture.grant(until, Grant.Limits.NONE)));
    GatewayFixture.Carried carried = fixture.carry();
    OffsetDateTime later = until.plusHours(1);
    fixture.people.change(change -> change.put(GatewayFixture.grant(later, Grant.Limits.NONE)));
    GatewayFixture.await(
        () -> fixture.clock.instant().isAfter(until.toInstant().plusMillis(200)), "the first time");
    assertThat(carried.notices).isEmpty();
    assertThat(fixture.gateway.find(carried.session.id())).isPresent();
  }

  @Test
  void settingTheClockBackDoesNotLengthenAGrantAndIsTold() throws Exception {
    OffsetDateTime until = fixture.clock.instant().plus(ENOUGH_TO_OPEN).atOffset(ZoneOffset.UTC);
    fixture.people.change(change -> change.put(GatewayFixture.grant(until, Grant.Limits.NONE)));
    GatewayFixture.Carried carried = fixture.carry();
    fixture.clockOffset = Duration.ofHours(-1);
    assertThat(carried.awaitNotice().reason().text()).contains("is over");
    assertThat(fixture.awaitEvent(AuditCode.CLOCK_STEPPED).details().get("milliseconds"))
        .startsWith("-3");
  }

  @Test
  void anIdleSessionEnds() throws Exception {
    limit(new Grant.Limits(Duration.ofMillis(300), null, null));
    GatewayFixture.Carried carried = fixture.carry();
    assertThat(carried.awaitNotice().reason().text()).contains("idle");
    assertThat(fixture.awaitEvent(AuditCode.SESSION_TERMINATED).details())
        .containsEntry("cause", "idle-limit");
  }

  @Test
  void bytesOfThePersonKeepASessionAliveAndThoseOfTheTargetDoNot() throws Exception {
    limit(new Grant.Limits(ENOUGH_TO_OPEN, null, null));
    GatewayFixture.Carried busy = fixture.carry();
    GatewayFixture.Carried quiet = fixture.carry();
    ChannelRecorder typing = busy.session.openChannel(ChannelKind.EXEC, "cat", null);
    ChannelRecorder printing = quiet.session.openChannel(ChannelKind.EXEC, "yes", null);
    long start = System.nanoTime();
    while (quiet.notices.isEmpty()
        && System.nanoTime() - start < GatewayFixture.DEADLINE.toNanos()) {
      typing.fromClient(new byte[1], 0, 1);
      printing.fromTarget(new byte[1], 0, 1);
      Thread.sleep(20);
    }
    assertThat(quiet.awaitNotice().reason().text()).contains("idle");
    assertThat(fixture.gateway.find(busy.session.id())).isPresent();
  }

  @Test
  void aSessionEndsAtItsLongestDuration() throws Exception {
    limit(new Grant.Limits(null, Duration.ofMillis(300), null));
    GatewayFixture.Carried carried = fixture.carry();
    assertThat(carried.awaitNotice().reason().text()).contains("longest time");
    assertThat(fixture.awaitEvent(AuditCode.SESSION_TERMINATED).details())
        .containsEntry("cause", "duration-limit");
  }

  @Test
  void aLiveSessionFollowsAChangedIdleLimit() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    limit(new Grant.Limits(Duration.ofMillis(200), null, null));
    assertThat(carried.awaitNotice().reason())
        .isEqualTo(EndReason.of(EndReason.Code.IDLE_LIMIT, "PT0.2S", "ops"));
  }

  @Test
  void aLiveSessionFollowsAChangedDuration() throws Exception {
    limit(new Grant.Limits(null, ENOUGH_TO_OPEN, null));
    GatewayFixture.Carried prolonged = fixture.carry();
    limit(new Grant.Limits(null, Duration.ofHours(1), null));
    Thread.sleep(ENOUGH_TO_OPEN.plusMillis(500));
    assertThat(prolonged.notices).isEmpty();
    limit(new Grant.Limits(null, Duration.ofSeconds(1), null));
    assertThat(prolonged.awaitNotice().reason().code()).isEqualTo(EndReason.Code.DURATION_LIMIT);
  }

  @Test
  void theNewestSessionsEndWhenTheirGrantAllowsFewer() throws Exception {
    limit(new Grant.Limits(null, null, 3));
    GatewayFixture.Carried oldest = fixture.carry();
    Thread.sleep(5);
    GatewayFixture.Carried middle = fixture.carry();
    Thread.sleep(5);
    GatewayFixture.Carried newest = fixture.carry();
    limit(new Grant.Limits(null, null, 1));
    assertThat(middle.awaitNotice().reason())
        .isEqualTo(EndReason.of(EndReason.Code.SESSIONS_LIMIT, "1", "ops"));
    assertThat(newest.awaitNotice().reason().code()).isEqualTo(EndReason.Code.SESSIONS_LIMIT);
    assertThat(oldest.notices).isEmpty();
    assertThat(fixture.gateway.find(oldest.session.id())).isPresent();
  }

  @Test
  void anAdministratorEndsASessionWithAReason() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    Name admin = Name.of("boss");
    assertThat(fixture.gateway.terminate(carried.session.id(), admin, "maintenance")).isTrue();
    assertThat(carried.awaitNotice().reason().text()).contains("maintenance");
    Session ended = fixture.awaitEnd(carried.session);
    assertThat(ended.end().by()).isEqualTo(admin);
    AuditEvent event = fixture.awaitEvent(AuditCode.SESSION_TERMINATED);
    assertThat(event.actor()).isEqualTo("boss");
    assertThat(event.details()).containsEntry("cause", "administrator");
    assertThat(fixture.gateway.terminate(carried.session.id(), admin, "again")).isFalse();
  }

  @Test
  void whoAsksLateForTheEndHearsOfItAtOnce() throws Exception {
    OpenSession session = fixture.open();
    fixture.gateway.terminate(session.id(), Name.of("boss"), "now");
    BlockingQueue<EndNotice> late = new LinkedBlockingQueue<>();
    session.onEnd(late::add);
    assertThat(late.poll(30, TimeUnit.SECONDS)).isNotNull();
    assertThatThrownBy(() -> session.openChannel(ChannelKind.EXEC, "id", null))
        .hasMessageContaining("ending");
  }

  @Test
  void aProtocolThatDoesNotCloseLosesItsRecord() throws Exception {
    OpenSession session = fixture.open();
    fixture.gateway.terminate(session.id(), Name.of("boss"), "now");
    assertThat(fixture.awaitEnd(session).state()).isEqualTo(SessionState.TERMINATED);
  }

  @Test
  void aDrainRefusesTellsWaitsAndEndsRecorded() throws Exception {
    GatewayFixture.Carried patient = fixture.carry();
    BlockingQueue<Notice> told = new LinkedBlockingQueue<>();
    patient.session.onNotice(told::add);
    SessionDrain drain =
        new SessionDrain(fixture.gateway, Duration.ofMillis(500), Duration.ofSeconds(30));
    Thread draining = Thread.startVirtualThread(drain::run);
    assertThat(told.poll(30, TimeUnit.SECONDS).in(Locale.KOREAN)).contains("0초 뒤에 중지");
    assertThatThrownBy(() -> fixture.open()).hasMessageContaining("stopping");
    assertThat(patient.awaitNotice().reason().text()).contains("stops now");
    draining.join();
    assertThat(fixture.awaitEnd(patient.session).state()).isEqualTo(SessionState.TERMINATED);
    assertThat(fixture.awaitEvent(AuditCode.SESSION_TERMINATED).details())
        .containsEntry("cause", "gateway-stop");
  }

  @Test
  void anEmptyGatewayDrainsAtOnce() {
    SessionDrain drain =
        new SessionDrain(fixture.gateway, Duration.ofHours(1), Duration.ofSeconds(1));
    assertThat(drain.run()).isTrue();
  }

  @Test
  void whatACrashLeftOpenIsClosedAsInterrupted() throws Exception {
    OpenSession session = fixture.open();
    ChannelRecorder recorder =
        session.openChannel(ChannelKind.SHELL, "", new OpenSession.Terminal("xterm", 80, 24));
    byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
    recorder.fromTarget(text, 0, text.length);
    GatewayFixture.await(
        () -> fixture.recordings.endOf(recorder.channel()).bytesToClient() == 5, "the flush");
    RecoverInterruptedSessions recover =
        new RecoverInterruptedSessions(
            "node-1", fixture.sessions, fixture.recordings, fixture.ledger, fixture.clock);
    assertThat(recover.run()).isEqualTo(1);
    Session ended = fixture.sessions.find(session.id()).orElseThrow();
    assertThat(ended.state()).isEqualTo(SessionState.INTERRUPTED);
    assertThat(ended.end().bytesToClient()).isEqualTo(5);
    assertThat(fixture.sessions.channels(session.id()).getFirst().end().complete()).isFalse();
    assertThat(fixture.events.of(AuditCode.SESSION_INTERRUPTED)).hasSize(1);
    assertThat(recover.run()).isZero();
  }

  @Test
  void aCrashLeavesAForwardTheBytesThatWereSeenLast() throws Exception {
    OpenSession session = fixture.open();
    ChannelRecorder forward = session.openChannel(ChannelKind.LOCAL_FORWARD, "db:5432", null);
    byte[] bytes = new byte[700];
    forward.fromClient(bytes, 0, 700);
    forward.fromTarget(bytes, 0, 300);
    GatewayFixture.await(
        () ->
            fixture.sessions.progress(session.id()).stream()
                .anyMatch(p -> p.bytesFromClient() == 700 && p.bytesToClient() == 300),
        "how far it is");
    new RecoverInterruptedSessions(
            "node-1", fixture.sessions, fixture.recordings, fixture.ledger, fixture.clock)
        .run();
    SessionChannel.End end = fixture.sessions.channels(session.id()).getFirst().end();
    assertThat(end.bytesFromClient()).isEqualTo(700);
    assertThat(end.bytesToClient()).isEqualTo(300);
    assertThat(end.complete()).isFalse();
    assertThat(end.at()).isAfter(forward.channel().openedAt());
    assertThat(fixture.sessions.find(session.id()).orElseThrow().end().bytesFromClient())
        .isEqualTo(700);
  }

  @Test
  void aDenialIsInTheLedger() {
    fixture.gateway.denied(
        fixture.alice(), new AccessRequest("db\u001b-1", "root"), fixture.client, "no grant");
    AuditEvent event = fixture.awaitEvent(AuditCode.ACCESS_DENIED);
    assertThat(event.subject()).isEqualTo("db<U+1b>-1");
    assertThat(event.details()).containsEntry("reason", "no grant");
  }

  @Test
  void denialsOverAndOverAreToldTogether() {
    for (int i = 0; i <= Refusals.AT_ONCE; i++) {
      deny();
    }
    GatewayFixture.await(
        () -> {
          deny();
          return fixture.events.of(AuditCode.ACCESS_DENIED).stream()
              .anyMatch(event -> event.details().containsKey("leftOut"));
        },
        "how many were left out");
  }

  private void deny() {
    fixture.gateway.denied(
        fixture.alice(), new AccessRequest("db-1", "root"), fixture.client, "no grant");
  }
}
