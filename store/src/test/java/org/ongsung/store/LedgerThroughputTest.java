package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.SessionId;
import org.ongsung.testkit.TemporaryPostgres;

/// How many durable events a second the ledger takes; prints the figure and fails for none.
@Tag("long")
class LedgerThroughputTest {
  private static final int EVENTS = 100_000;
  private static final int WAVE = 8_192;

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgres"})
  void theLedgerTakesManyEventsDurably(String name) throws Exception {
    if (name.equals("sqlite")) {
      try (DatabaseFixture fixture = DatabaseFixture.sqlite()) {
        measure(name, fixture.create());
      }
    } else {
      try (TemporaryPostgres server = TemporaryPostgres.start(true)) {
        measure(name, DatabaseFixture.config(server.newDatabase()));
      }
    }
  }

  private static void measure(String name, DatabaseConfig config) {
    try (Database database = Database.open(config)) {
      database.migrate();
      try (Ledger ledger = new Ledger(database.ledger(), LedgerLimits.DEFAULT)) {
        append(ledger, WAVE); // warm
        long start = System.nanoTime();
        append(ledger, EVENTS);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            Locale.ROOT, "ledger on %s: %,.0f durable events/s%n", name, EVENTS / seconds);
        long find = System.nanoTime();
        List<LedgerEntry> rare =
            ledger.find(
                new LedgerQuery(
                    java.util.Set.of(), null, null, null, "no such text", null, null, null, 50));
        System.out.printf(
            Locale.ROOT,
            "ledger on %s: a text that is nowhere, in %,d events: %,.0f ms%n",
            name,
            EVENTS + WAVE,
            (System.nanoTime() - find) / 1e6);
        assertThat(rare).isEmpty();
        assertThat(ledger.find(LedgerQuery.newest(1)).getFirst().sequence())
            .isEqualTo(EVENTS + WAVE);
      }
    }
  }

  private static void append(Ledger ledger, int events) {
    for (int done = 0; done < events; done += WAVE) {
      List<CompletableFuture<Long>> wave =
          IntStream.range(0, Math.min(WAVE, events - done))
              .mapToObj(LedgerThroughputTest::event)
              .map(ledger::offer)
              .toList();
      wave.forEach(CompletableFuture::join);
    }
  }

  private static AuditEvent event(int number) {
    return new AuditEvent(
        Samples.NOW.plusMillis(number),
        AuditCode.FILE_OPERATION,
        "user-" + number % 200,
        "192.0.2.7",
        SessionId.create(Samples.NOW),
        "web-" + number % 50,
        Map.of("kind", "open", "path", "/var/lib/app/file-" + number, "result", "ok"));
  }
}
