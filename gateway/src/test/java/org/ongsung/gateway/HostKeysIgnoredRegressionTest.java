package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.AuditCode;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.SshPublicKey;

/// A target is who it was: its key is pinned, or learned once; any other one is refused and told.
class HostKeysIgnoredRegressionTest {
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
  void aFirstKeyIsLearnedOnceAndAnotherOneStops() throws Exception {
    OpenSession session = fixture.open();
    SshPublicKey first = GatewayFixture.key(1);
    assertThat(fixture.gateway.verifyHostKey(session, first)).isEqualTo(HostKeyVerdict.LEARNED);
    assertThat(fixture.events.of(AuditCode.HOST_KEY_LEARNED)).hasSize(1);
    assertThat(fixture.gateway.verifyHostKey(session, first)).isEqualTo(HostKeyVerdict.TRUSTED);
    assertThat(fixture.gateway.verifyHostKey(session, GatewayFixture.key(2)))
        .isEqualTo(HostKeyVerdict.CHANGED);
    assertThat(fixture.awaitEvent(AuditCode.HOST_KEY_MISMATCH).details())
        .containsEntry("known", first.toString());
  }

  @Test
  void withoutTrustOnFirstUseAnUnknownKeyIsRefused() throws Exception {
    fixture.people.change(
        change -> change.put(GatewayFixture.target(HostKeyPolicy.PINNED, List.of())));
    OpenSession session = fixture.open();
    assertThat(fixture.gateway.verifyHostKey(session, GatewayFixture.key(1)))
        .isEqualTo(HostKeyVerdict.UNKNOWN);
    fixture.awaitEvent(AuditCode.HOST_KEY_MISMATCH);
  }

  @Test
  void aPinnedTargetWithAnotherKeyStops() throws Exception {
    fixture.people.change(
        change ->
            change.put(
                GatewayFixture.target(HostKeyPolicy.PINNED, List.of(GatewayFixture.key(1)))));
    OpenSession session = fixture.open();
    assertThat(fixture.gateway.verifyHostKey(session, GatewayFixture.key(1)))
        .isEqualTo(HostKeyVerdict.TRUSTED);
    assertThat(fixture.gateway.verifyHostKey(session, GatewayFixture.key(2)))
        .isEqualTo(HostKeyVerdict.CHANGED);
    assertThat(fixture.awaitEvent(AuditCode.HOST_KEY_MISMATCH).details())
        .containsEntry("known", GatewayFixture.key(1).toString());
    assertThat(fixture.events.of(AuditCode.HOST_KEY_LEARNED)).isEmpty();
  }
}
