package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.model.AuditCode;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;

/// What was acknowledged before `kill -9` is there after it. (That it also survives a loss of power
/// rests on SQLite's flush at every commit, `synchronous=FULL`, which no test here can show.)
class KillDurabilityTest {
  private static final int BEFORE_THE_KILL = 200;

  /// Appends events from several threads and prints the sequence of each once it is acknowledged.
  static final class Appender {
    private Appender() {}

    public static void main(String[] arguments) {
      Database database = Database.open(new DatabaseConfig.Embedded(Path.of(arguments[0])));
      database.migrate();
      Ledger ledger = new Ledger(database.ledger(), LedgerLimits.DEFAULT);
      for (int thread = 0; thread < 4; thread++) {
        Thread.ofPlatform().start(() -> appendForEver(ledger));
      }
    }

    private static void appendForEver(Ledger ledger) {
      while (true) {
        long sequence = ledger.append(Samples.event(Samples.NOW, AuditCode.LOGOUT, "alice", "x"));
        System.out.println("kept " + sequence + ".");
      }
    }
  }

  @Test
  void whatWasAcknowledgedBeforeAKillIsThereAfterIt() throws Exception {
    try (DatabaseFixture fixture = DatabaseFixture.sqlite()) {
      DatabaseConfig config = fixture.create();
      Path folder = ((DatabaseConfig.Embedded) config).folder();
      List<Long> acknowledged;
      try (RunningProgram appender =
          Program.of(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "--enable-native-access=ALL-UNNAMED",
                  Appender.class.getName(),
                  folder.toString())
              .start()
              .awaitOutput("kept " + BEFORE_THE_KILL + ".", Deadlines.SERVICE)) {
        appender.signal("KILL");
        appender.await(Deadlines.SERVICE);
        acknowledged =
            appender
                .stdout()
                .lines()
                .filter(line -> line.startsWith("kept ") && line.endsWith("."))
                .map(line -> Long.valueOf(line.substring(5, line.length() - 1)))
                .toList();
      }
      try (Database database = Database.open(config)) {
        long last = database.ledger().find(LedgerQuery.newest(1)).getFirst().sequence();
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(BEFORE_THE_KILL - 4);
        assertThat(acknowledged).allMatch(sequence -> sequence <= last);
        assertThat(database.ledger().find(LedgerQuery.newest(1_000)))
            .extracting(LedgerEntry::sequence)
            .containsExactlyElementsOf(
                LongStream.range(0, Math.min(last, 1_000)).mapToObj(i -> last - i).toList());
      }
    }
  }
}
