package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.AuditCode;

/// A recording disk that fills up refuses new sessions while there is room left for the ledger and
/// for those who come to mend it, and lets people in again by itself.
class FullDiskLocksEveryoneOutRegressionTest {
  private GatewayFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new GatewayFixture();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void underTheMarkNewSessionsAreRefusedAndLiveOnesGoOn() throws Exception {
    GatewayFixture.Carried before = fixture.carry();
    fixture.tapes.usableBytes = GatewayFixture.MARK_BYTES - 1;
    assertThatThrownBy(() -> fixture.open())
        .isInstanceOf(SessionRefusedException.class)
        .hasMessageContaining("too little free space");
    assertThat(fixture.awaitEvent(AuditCode.STORAGE_LOW).details())
        .containsEntry("usableBytes", "999")
        .containsEntry("markBytes", "1000");
    assertThat(fixture.gateway.find(before.session.id())).isPresent();
    assertThat(before.notices).isEmpty();
  }

  @Test
  void atTheMarkSessionsStart() throws Exception {
    fixture.tapes.usableBytes = GatewayFixture.MARK_BYTES;
    fixture.open();
    assertThat(fixture.events.of(AuditCode.STORAGE_LOW)).isEmpty();
  }

  @Test
  void withRoomAgainSessionsStartAgain() throws Exception {
    fixture.tapes.usableBytes = GatewayFixture.MARK_BYTES - 1;
    assertThatThrownBy(() -> fixture.open()).isInstanceOf(SessionRefusedException.class);
    fixture.tapes.usableBytes = GatewayFixture.MARK_BYTES + 1;
    assertThatThrownBy(() -> fixture.open())
        .as("a byte above the mark is no room yet")
        .isInstanceOf(SessionRefusedException.class);
    fixture.tapes.usableBytes = GatewayFixture.MARK_BYTES * 9 / 8;
    fixture.open();
    fixture.awaitEvent(AuditCode.STORAGE_OK);
  }

  @Test
  void underAQuarterOfTheMarkLiveSessionsEnd() throws Exception {
    GatewayFixture.Carried carried = fixture.carry();
    fixture.tapes.usableBytes = GatewayFixture.MARK_BYTES / 4 - 1;
    assertThat(carried.awaitNotice().reason().text()).contains("no space left");
    assertThat(fixture.awaitEvent(AuditCode.SESSION_TERMINATED).details())
        .containsEntry("cause", "storage-full");
  }

  @Test
  void whatTheReserveHasGivenUpIsNoRoomForSessions() throws Exception {
    fixture.reserve.missingBytes = 500;
    fixture.tapes.usableBytes = GatewayFixture.MARK_BYTES + 499;
    assertThatThrownBy(() -> fixture.open()).isInstanceOf(SessionRefusedException.class);
    assertThat(fixture.awaitEvent(AuditCode.STORAGE_LOW).details())
        .containsEntry("usableBytes", "999");
    fixture.tapes.usableBytes = GatewayFixture.MARK_BYTES * 9 / 8 + 500;
    fixture.open();
    fixture.tapes.usableBytes = 499; // nothing at all, and never less than that
    assertThatThrownBy(() -> fixture.open()).isInstanceOf(SessionRefusedException.class);
    assertThat(fixture.storage.usableBytes()).isZero();
  }

  @Test
  void theReserveIsTendedWithoutAnybodyWhoOpensASession() {
    GatewayFixture.await(() -> fixture.reserve.tended, "the reserve is tended");
  }
}
