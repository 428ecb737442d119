package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.audit.LedgerStore;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.SessionId;

abstract class LedgerStoreContract extends StoreContract {
  private LedgerStore ledger;

  LedgerStoreContract(DatabaseFixture fixture) {
    super(fixture);
  }

  @BeforeEach
  void takeTheLedger() {
    ledger = database.ledger();
  }

  private static AuditEvent event(String subject) {
    return Samples.event(Samples.NOW, AuditCode.LOGIN_SUCCESS, "alice", subject);
  }

  @Test
  void sequencesStartAtOneAndFollowWithoutGaps() {
    assertThat(ledger.append(List.of(event("a"), event("b")))).isEqualTo(1);
    assertThat(ledger.append(List.of(event("c")))).isEqualTo(3);
    reopen();
    ledger = database.ledger();
    assertThat(ledger.append(List.of(event("d")))).isEqualTo(4);
    assertThat(ledger.find(LedgerQuery.newest(10)))
        .extracting(LedgerEntry::sequence)
        .containsExactly(4L, 3L, 2L, 1L);
  }

  @Test
  void anEventComesBackAsItWas() {
    AuditEvent event =
        new AuditEvent(
            Samples.NOW,
            AuditCode.USER_CHANGED,
            "앨리스",
            "2001:db8::1",
            SessionId.create(Samples.NOW),
            "bob",
            Map.of("before", "{\"title\":\"보브\"}", "after", "line\nbreak\t\u001b[31m", "", "😀"));
    ledger.append(List.of(event));
    assertThat(ledger.find(LedgerQuery.newest(1))).containsExactly(new LedgerEntry(1, event));
  }

  @Test
  void timesAreCutToMicrosecondsAlsoBefore1970() {
    ledger.append(
        List.of(
            Samples.event(
                Instant.parse("1969-12-31T23:59:59.999999999Z"), AuditCode.LOGOUT, "", ""),
            Samples.event(
                Instant.parse("2026-01-01T00:00:00.1234567Z"), AuditCode.LOGOUT, "", "")));
    assertThat(ledger.find(LedgerQuery.newest(2)))
        .extracting(entry -> entry.event().at())
        .containsExactly(
            Instant.parse("2026-01-01T00:00:00.123456Z"),
            Instant.parse("1969-12-31T23:59:59.999999Z"));
  }

  @Test
  void whatNoDatabaseTextCanHoldIsReplacedAndFailsNobody() {
    String hostile = "nul \u0000 and half a pair \ud83d here";
    AuditEvent event =
        new AuditEvent(
            Samples.NOW,
            AuditCode.LOGIN_FAILURE,
            hostile,
            hostile,
            null,
            hostile,
            Map.of(hostile, hostile));
    ledger.append(List.of(event("before"), event, event("after")));
    String stored = "nul \uFFFD and half a pair \uFFFD here";
    AuditEvent found = ledger.find(LedgerQuery.newest(3)).get(1).event();
    assertThat(found)
        .isEqualTo(
            new AuditEvent(
                Samples.NOW,
                AuditCode.LOGIN_FAILURE,
                stored,
                stored,
                null,
                stored,
                Map.of(stored, stored)));
  }

  @Test
  void actorsAndSubjectsOfAnyLengthAreKeptAndFound() {
    String prefix = "가".repeat(100_000);
    ledger.append(
        List.of(
            Samples.event(Samples.NOW, AuditCode.LOGIN_FAILURE, prefix + "1", prefix + "1"),
            Samples.event(Samples.NOW, AuditCode.LOGIN_FAILURE, prefix + "2", prefix + "2")));
    LedgerQuery byActor =
        new LedgerQuery(Set.of(), prefix + "2", null, null, null, null, null, null, 10);
    LedgerQuery bySubject =
        new LedgerQuery(Set.of(), null, null, prefix + "1", null, null, null, null, 10);
    assertThat(ledger.find(byActor)).extracting(LedgerEntry::sequence).containsExactly(2L);
    assertThat(ledger.find(bySubject)).extracting(LedgerEntry::sequence).containsExactly(1L);
  }

  @Test
  void everyFilterFindsWhatItSays() {
    SessionId session = SessionId.create(Samples.NOW);
    ledger.append(
        List.of(
            Samples.event(Samples.NOW, AuditCode.LOGIN_SUCCESS, "alice", ""),
            new AuditEvent(
                Samples.NOW.plusSeconds(1),
                AuditCode.SESSION_START,
                "alice",
                "192.0.2.7",
                session,
                "web-1",
                Map.of("account", "Root_100%")),
            Samples.event(Samples.NOW.plusSeconds(2), AuditCode.LOGIN_FAILURE, "bob", "Ärger"),
            Samples.event(Samples.NOW.plusSeconds(3), AuditCode.LOGOUT, "alice", "두 글자")));

    assertThat(found(codes(AuditCode.LOGIN_SUCCESS, AuditCode.LOGOUT))).containsExactly(4L, 1L);
    assertThat(found(query("alice", null, null, null))).containsExactly(4L, 2L, 1L);
    assertThat(found(query(null, session, null, null))).containsExactly(2L);
    assertThat(found(query(null, null, "web-1", null))).containsExactly(2L);
    assertThat(found(query(null, null, "web", null))).isEmpty();
    assertThat(found(text("WEB-"))).containsExactly(2L);
    assertThat(found(text("root_100%"))).containsExactly(2L);
    assertThat(found(text("t_100%"))).containsExactly(2L);
    assertThat(found(text("r%0"))).isEmpty();
    assertThat(found(text("!"))).isEmpty();
    assertThat(found(text("ÄRGER"))).containsExactly(3L);
    assertThat(found(text("글자"))).containsExactly(4L);
    assertThat(found(text("\u1100\u1173\u11af"))).as("글, in parts").containsExactly(4L);
    assertThat(found(between(Samples.NOW.plusSeconds(1), Samples.NOW.plusSeconds(3))))
        .as("since is inclusive, until is not")
        .containsExactly(3L, 2L);
  }

  @Test
  void pagesGoOnWhereThePageBeforeEnded() {
    ledger.append(IntStream.range(0, 25).mapToObj(i -> event("n" + i)).toList());
    List<Long> all = new ArrayList<>();
    Long before = null;
    while (true) {
      List<LedgerEntry> page =
          ledger.find(new LedgerQuery(Set.of(), null, null, null, null, null, null, before, 10));
      if (page.isEmpty()) {
        break;
      }
      page.forEach(entry -> all.add(entry.sequence()));
      before = page.getLast().sequence();
    }
    assertThat(all)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 25).mapToObj(i -> 26 - i).toList());
  }

  @Test
  void manyAppendersAtOnceLeaveNoGapsAndKeepTheirBatchesTogether() throws Exception {
    try (Database other = Database.open(fixture().config());
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<LedgerStore> stores = List.of(ledger, other.ledger());
      List<Future<List<Long>>> appended = new ArrayList<>();
      for (int appender = 0; appender < 8; appender++) {
        LedgerStore store = stores.get(appender % 2);
        Callable<List<Long>> work =
            () ->
                IntStream.range(0, 20)
                    .mapToLong(i -> store.append(List.of(event("x"), event("y"), event("z"))))
                    .boxed()
                    .toList();
        appended.add(pool.submit(work));
      }
      TreeSet<Long> firsts = new TreeSet<>();
      for (Future<List<Long>> each : appended) {
        assertThat(each.get()).isSorted();
        firsts.addAll(each.get());
      }
      assertThat(firsts)
          .containsExactlyElementsOf(LongStream.range(0, 160).mapToObj(i -> i * 3 + 1).toList());
    }
    assertThat(ledger.find(LedgerQuery.newest(1_000)))
        .extracting(LedgerEntry::sequence)
        .containsExactlyElementsOf(LongStream.range(0, 480).mapToObj(i -> 480 - i).toList());
  }

  @Test
  void theDatabaseItselfRefusesToChangeOrRemoveAnEntry() {
    ledger.append(List.of(event("kept")));
    for (String tampering :
        List.of(
            "update ledger set actor = 'mallory'",
            "delete from ledger",
            "insert into ledger select * from ledger where sequence = 1")) {
      assertThatThrownBy(() -> fixture().execute(tampering)).as(tampering).isNotNull();
    }
    assertThat(ledger.find(LedgerQuery.newest(2)))
        .containsExactly(new LedgerEntry(1, event("kept")));
  }

  @Test
  void anEmptyBatchIsRefused() {
    assertThatThrownBy(() -> ledger.append(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  private List<Long> found(LedgerQuery query) {
    return ledger.find(query).stream().map(LedgerEntry::sequence).toList();
  }

  private static LedgerQuery codes(AuditCode... codes) {
    return new LedgerQuery(Set.of(codes), null, null, null, null, null, null, null, 10);
  }

  private static LedgerQuery query(String actor, SessionId session, String subject, String text) {
    return new LedgerQuery(Set.of(), actor, session, subject, text, null, null, null, 10);
  }

  private static LedgerQuery text(String text) {
    return query(null, null, null, text);
  }

  private static LedgerQuery between(Instant since, Instant until) {
    return new LedgerQuery(Set.of(), null, null, null, null, since, until, null, 10);
  }
}
