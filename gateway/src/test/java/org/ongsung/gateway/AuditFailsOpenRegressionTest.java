package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.model.AuditCode;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.Grant;
import org.ongsung.model.SessionState;
import org.ongsung.recording.ChannelRecorder;
import org.ongsung.recording.RecordUnavailableException;

/// No record, no session: whatever part of the record fails, whenever, the session does not start
/// or does not go on, the person is told, and the ledger hears of it as soon as it can.
class AuditFailsOpenRegressionTest {
  private static final OpenSession.Terminal TERMINAL = new OpenSession.Terminal("xterm", 80, 24);
  private GatewayFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new GatewayFixture();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void assertRecordLost(GatewayFixture.Carried carried) throws InterruptedException {
    EndNotice notice = carried.awaitNotice();
    assertThat(notice.reason().code()).isEqualTo(EndReason.Code.RECORD_FAILED);
    fixture.events.failing = false;
    fixture.sessions.failing = false;
    assertThat(fixture.awaitEvent(AuditCode.RECORDING_FAILED).session())
        .isEqualTo(carried.session.id());
    assertThat(fixture.awaitEnd(carried.session).state()).isEqualTo(SessionState.TERMINATED);
    GatewayFixture.await(
        () -> !fixture.events.of(AuditCode.SESSION_TERMINATED).isEmpty(), "the end in the ledger");
    assertThat(fixture.events.of(AuditCode.SESSION_TERMINATED).getFirst().details())
        .containsEntry("cause", "record-failed");
  }

  /// Would the look at the sessions wait for the ledger anywhere, it would wait for ten minutes.
  @Test
  void aLedgerThatHangsKeepsNoSessionFromEnding() throws Exception {
    fixture.close();
    LedgerLimits patient = new LedgerLimits(1_000, 100, Duration.ofMinutes(10));
    fixture = new GatewayFixture(GatewayFixture.QUICK, patient);
    GatewayFixture.Carried first = fixture.carry();
    GatewayFixture.Carried second = fixture.carry();
    fixture.events.hang();
    try {
      fixture.clockOffset = Duration.ofMinutes(5); // to be told
      fixture.tapes.usableBytes = GatewayFixture.MARK_BYTES / 2; // to be told
      GatewayFixture.await(
          () -> fixture.gateway.figures().usableRecordingBytes() < GatewayFixture.MARK_BYTES,
          "the look at the free space");
      // Ends by looking: nobody is told of this change.
      fixture.people.silent = true;
      OffsetDateTime until = fixture.clock.instant().plusMillis(200).atOffset(ZoneOffset.UTC);
      fixture.people.change(change -> change.put(GatewayFixture.grant(until, Grant.Limits.NONE)));
      assertThat(first.awaitNotice().reason().text()).contains("is over");
      assertThat(second.awaitNotice().reason().text()).contains("is over");
    } finally {
      fixture.events.goOn();
    }
    fixture.awaitEvent(AuditCode.CLOCK_STEPPED);
    fixture.awaitEvent(AuditCode.STORAGE_LOW);
    assertThat(fixture.awaitEnd(first.session).state()).isEqualTo(SessionState.TERMINATED);
    assertThat(fixture.awaitEnd(second.session).state()).isEqualTo(SessionState.TERMINATED);
  }

  @Test
  void withoutALedgerNoSessionStarts() {
    fixture.events.failing = true;
    assertThatThrownBy(() -> fixture.open())
        .isInstanceOf(SessionRefusedException.class)
        .hasMessageContaining("cannot record sessions");
    assertThat(fixture.gateway.list()).isEmpty();
    fixture.events.failing = false;
    fixture.awaitEvent(AuditCode.RECORDING_FAILED);
    GatewayFixture.await(
        () -> fixture.sessions.all().getFirst().state() == SessionState.FAILED, "the row's end");
  }

  @Test
  void withoutASessionStoreNoSessionStarts() {
    fixture.sessions.failing = true;
    assertThatThrownBy(() -> fixture.open()).isInstanceOf(SessionRefusedException.class);
    assertThat(fixture.gateway.list()).isEmpty();
    fixture.awaitEvent(AuditCode.RECORDING_FAILED);
  }

  @Test
  void aChannelThatTheLedgerDoesNotTakeEndsTheSession() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    fixture.events.failing = true;
    assertThatThrownBy(() -> carried.session.openChannel(ChannelKind.EXEC, "id", null))
        .isInstanceOf(RecordUnavailableException.class);
    assertRecordLost(carried);
  }

  @Test
  void aChannelThatTheStoreDoesNotTakeEndsTheSession() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    fixture.sessions.failing = true;
    assertThatThrownBy(() -> carried.session.openChannel(ChannelKind.SFTP, "sftp", null))
        .isInstanceOf(RecordUnavailableException.class);
    assertRecordLost(carried);
  }

  @Test
  void aRecordingThatCannotBeMadeEndsTheSession() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    fixture.tapes.failCreate = true;
    assertThatThrownBy(() -> carried.session.openChannel(ChannelKind.SHELL, "", TERMINAL))
        .isInstanceOf(RecordUnavailableException.class);
    assertRecordLost(carried);
  }

  @Test
  void aRecordingWhoseFirstLineCannotBeWrittenEndsTheSession() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    fixture.tapes.failWrite = true;
    assertThatThrownBy(() -> carried.session.openChannel(ChannelKind.EXEC, "id", null))
        .isInstanceOf(RecordUnavailableException.class);
    assertRecordLost(carried);
  }

  @Test
  void aRecordingThatCannotGrowEndsTheSession() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    ChannelRecorder recorder = carried.session.openChannel(ChannelKind.SHELL, "", TERMINAL);
    fixture.tapes.failWrite = true;
    recorder.fromTarget(new byte[] {'x'}, 0, 1);
    assertRecordLost(carried);
    assertThat(fixture.sessions.channels(carried.session.id()).getFirst().end().complete())
        .isFalse();
  }

  @Test
  void aRecordingThatCannotBeClosedEndsTheSession() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    ChannelRecorder recorder = carried.session.openChannel(ChannelKind.EXEC, "id", null);
    fixture.tapes.failClose = true;
    assertThat(recorder.close(0, null).get(30, TimeUnit.SECONDS).complete()).isFalse();
    assertRecordLost(carried);
  }

  @Test
  void aChannelsEndThatCannotBeWrittenEndsTheSessionAndIsWrittenLater() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    ChannelRecorder recorder = carried.session.openChannel(ChannelKind.X11, "x11", null);
    fixture.sessions.failing = true;
    recorder.close(null, null).get(30, TimeUnit.SECONDS);
    assertRecordLost(carried);
    GatewayFixture.await(
        () -> fixture.sessions.channels(carried.session.id()).getFirst().end() != null,
        "the channel's end");
  }

  @Test
  void aFileOperationThatCannotBeKeptEndsTheSession() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    ChannelRecorder recorder = carried.session.openChannel(ChannelKind.SFTP, "sftp", null);
    recorder.fileOperation("remove", "/a", "", "", 0, 0, "ok");
    assertThat(fixture.awaitEvent(AuditCode.FILE_OPERATION).subject()).isEqualTo("/a");
    fixture.events.failing = true;
    recorder.fileOperation("remove", "/b", "", "", 0, 0, "ok");
    assertRecordLost(carried);
  }

  @Test
  void anEventThatTheLedgerDoesNotTakeEndsTheSession() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    fixture.events.failing = true;
    carried.session.event(AuditCode.FORWARD_LISTEN, "0.0.0.0:8080", Map.of());
    assertRecordLost(carried);
  }

  @Test
  void aRefusalThatTheLedgerDoesNotTakeEndsTheSession() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    fixture.events.failing = true;
    carried.session.refused(ChannelKind.X11, "x11", "not granted");
    assertRecordLost(carried);
  }

  @Test
  void aHostKeyThatCannotBeLearnedIsNotTrusted() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    fixture.people.failing = true;
    assertThat(fixture.gateway.verifyHostKey(carried.session, GatewayFixture.key(1)))
        .isEqualTo(HostKeyVerdict.UNKNOWN);
    assertRecordLost(carried);
  }

  @Test
  void anEndThatCannotBeWrittenIsWrittenAsSoonAsItCan() throws Exception {
    OpenSession session = fixture.open();
    fixture.events.failing = true;
    session.end(SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT));
    GatewayFixture.await(() -> fixture.gateway.figures().lateWrites() == 1, "a late write");
    assertThat(fixture.sessions.find(session.id()).orElseThrow().end()).isNull();
    fixture.events.failing = false;
    assertThat(fixture.awaitEnd(session).end().reason().code())
        .isEqualTo(EndReason.Code.PERSON_LEFT);
    fixture.awaitEvent(AuditCode.SESSION_END);
  }
}
