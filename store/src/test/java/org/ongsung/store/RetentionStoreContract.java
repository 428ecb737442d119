package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.EndReason;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.recording.Retention;
import org.ongsung.recording.RetentionStore;

/// What holds and purges of recordings may rely on, in either database.
abstract class RetentionStoreContract extends StoreContract {
  private static final Instant NOW = Samples.NOW;
  private static final Retention.Hold HOLD = new Retention.Hold("bora", NOW, "조사 중 — case 7");

  private RetentionStore retention;

  RetentionStoreContract(DatabaseFixture fixture) {
    super(fixture);
  }

  @BeforeEach
  void takeThePort() {
    retention = database.retention();
  }

  private Session live(int second) {
    Session session = Samples.session(NOW.plusSeconds(second), "alice", "web-1");
    database.sessions().start(session);
    return session;
  }

  private Session ended(int second) {
    Session session = live(second);
    database
        .sessions()
        .end(
            session.id(),
            new Session.End(
                NOW.plusSeconds(second),
                SessionState.ENDED,
                EndReason.of(EndReason.Code.PERSON_LEFT),
                null,
                1,
                2));
    return session;
  }

  private List<SessionId> due(String node, Instant before) {
    return retention.due(node, before, null, 100).stream()
        .map(RetentionStore.Due::session)
        .toList();
  }

  @Test
  void aHoldIsKeptAndLiftedOnce() {
    SessionId session = live(0).id();
    assertThat(retention.of(session)).isEqualTo(Retention.NONE);
    assertThat(retention.hold(session, HOLD)).isTrue();
    assertThat(retention.hold(session, HOLD)).isFalse();
    reopen();
    takeThePort();
    assertThat(retention.of(session)).isEqualTo(new Retention(HOLD, null));
    assertThat(retention.release(session)).isTrue();
    assertThat(retention.release(session)).isFalse();
    assertThat(retention.of(session)).isEqualTo(Retention.NONE);
    assertThat(retention.hold(SessionId.create(NOW), HOLD)).isFalse();
  }

  @Test
  void dueIsWhatEndedBeforeTheBorderOnThatNode() {
    Session first = ended(0);
    Session second = ended(10);
    Session _ = live(-100);
    String node = first.node();
    assertThat(due(node, NOW)).as("ended exactly then").isEmpty();
    assertThat(due(node, NOW.plusNanos(1_000))).containsExactly(first.id());
    assertThat(due(node, NOW.plusSeconds(11))).containsExactlyInAnyOrder(first.id(), second.id());
    assertThat(due("another-node", NOW.plusSeconds(11))).isEmpty();
    RetentionStore.Due page = retention.due(node, NOW.plusSeconds(11), null, 1).getFirst();
    assertThat(page.target()).isEqualTo(first.target());
    assertThat(retention.due(node, NOW.plusSeconds(11), page.session(), 1))
        .extracting(RetentionStore.Due::session)
        .doesNotContain(page.session())
        .hasSize(1);
  }

  @Test
  void aHeldOrLiveSessionIsNeverPurged() {
    Session held = ended(0);
    Session live = live(1);
    retention.hold(held.id(), HOLD);
    assertThat(due(held.node(), NOW.plusSeconds(99))).isEmpty();
    assertThat(retention.heldOf(held.node(), NOW.plusSeconds(99))).isEqualTo(1);
    assertThat(retention.heldOf(held.node(), NOW)).isZero();
    assertThat(retention.beginPurge(held.id(), NOW)).isFalse();
    assertThat(retention.beginPurge(live.id(), NOW)).isFalse();
    retention.release(held.id());
    assertThat(retention.beginPurge(held.id(), NOW)).isTrue();
  }

  @Test
  void aPurgeThatWasBegunIsDueUntilItIsDoneAndCannotBeHeldAnyMore() {
    Session session = ended(0);
    Instant later = NOW.plusSeconds(99);
    assertThat(retention.beginPurge(session.id(), later)).isTrue();
    assertThat(retention.hold(session.id(), HOLD)).isFalse();
    assertThat(due(session.node(), later)).containsExactly(session.id());
    assertThat(retention.beginPurge(session.id(), later.plusSeconds(5))).isTrue();
    assertThat(retention.of(session.id()).purge()).isEqualTo(new Retention.Purge(later, 0, 0));
    retention.endPurge(session.id(), 3, 1L << 40);
    assertThat(due(session.node(), later)).isEmpty();
    Retention.Purge done = new Retention.Purge(later, 3, 1L << 40);
    assertThat(retention.of(session.id())).isEqualTo(new Retention(null, done));
    retention.endPurge(session.id(), 9, 9);
    assertThat(retention.of(session.id()).purge()).as("counted once").isEqualTo(done);
  }
}
