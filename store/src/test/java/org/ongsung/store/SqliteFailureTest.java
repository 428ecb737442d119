package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectoryUnavailableException;
import org.ongsung.directory.StaleDirectoryException;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Group;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.Title;
import org.ongsung.policy.TokensUnavailableException;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.recording.SessionQuery;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.vault.VaultException;

class SqliteFailureTest {
  private static final StoreLimits IMPATIENT =
      new StoreLimits(
          4, 2, 1, Duration.ofMillis(200), Duration.ofSeconds(50), Duration.ofSeconds(200));

  /// Takes the write lock of the file it is given, and lets go at a line of input.
  private static final String LOCKER =
      """
      import sqlite3, sys
      connection = sqlite3.connect(sys.argv[1], isolation_level=None)
      connection.execute('begin immediate')
      print('locked', flush=True)
      sys.stdin.readline()
      connection.execute('rollback')
      connection.close()
      """;

  private final DatabaseFixture fixture = DatabaseFixture.sqlite();
  private Database database;
  private Path folder;

  @BeforeEach
  void openTheDatabase() throws Exception {
    DatabaseConfig config = fixture.create();
    folder = ((DatabaseConfig.Embedded) config).folder();
    database = Database.open(config, IMPATIENT);
    database.migrate();
  }

  @AfterEach
  void closeTheDatabase() throws Exception {
    database.close();
    fixture.close();
  }

  private RunningProgram lock(String file) {
    return Program.of("/usr/bin/python3", "-c", LOCKER, folder.resolve(file).toString())
        .start()
        .awaitOutput("locked", Deadlines.SERVICE);
  }

  private static List<AuditEvent> event(String subject) {
    return List.of(Samples.event(Samples.NOW, AuditCode.LOGOUT, "alice", subject));
  }

  private static DirectoryChange group(String name) {
    return new DirectoryChange.Builder().put(new Group(Name.of(name), Title.NONE)).build();
  }

  @Test
  void aLockedLedgerFailsClosedAndWorksAgainOnceItIsFree() {
    database.ledger().append(event("before"));
    try (RunningProgram locker = lock(Database.LEDGER_FILE)) {
      assertThatThrownBy(() -> database.ledger().append(event("meanwhile")))
          .isInstanceOf(LedgerUnavailableException.class)
          .hasMessageContaining("locked by another program");
      assertThat(database.ledger().find(LedgerQuery.newest(10))).hasSize(1);
      database.sessions().start(Samples.session(Samples.NOW, "alice", "web-1"));
      locker.type("\n").await(Deadlines.SERVICE);
    }
    assertThat(database.ledger().append(event("after"))).isEqualTo(2);
  }

  @Test
  void aLockedDatabaseFailsEveryPortWithItsOwnException() {
    Session session = Samples.session(Samples.NOW, "alice", "web-1");
    try (RunningProgram locker = lock(Database.MAIN_FILE)) {
      assertThatThrownBy(() -> database.sessions().start(session))
          .isInstanceOf(RecordUnavailableException.class)
          .hasMessageContaining("locked");
      assertThatThrownBy(() -> database.directory().save(0, group("a")))
          .isInstanceOf(DirectoryUnavailableException.class);
      assertThatThrownBy(() -> database.tokens().purgeExpired(Samples.NOW))
          .isInstanceOf(TokensUnavailableException.class);
      assertThat(database.directory().load().version()).as("reading goes on").isZero();
      locker.type("\n").await(Deadlines.SERVICE);
    }
    database.sessions().start(session);
    assertThat(database.directory().save(0, group("a"))).isEqualTo(1);
  }

  @Test
  void aFullDiskFailsClosedKeepsWhatIsThereAndWorksAgainOnceThereIsRoom() {
    database.ledger().append(event("before"));
    int pages =
        database
            .sql(Schema.LEDGER)
            .write(h -> h.createQuery("pragma page_count").mapTo(Integer.class).one());
    limitPages(Schema.LEDGER, pages);
    assertThatThrownBy(() -> database.ledger().append(event("x".repeat(100_000))))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("disk is full");
    assertThat(database.ledger().find(LedgerQuery.newest(10)))
        .extracting(entry -> entry.event().subject())
        .containsExactly("before");
    limitPages(Schema.LEDGER, 1_000_000);
    assertThat(database.ledger().append(event("x".repeat(100_000)))).isEqualTo(2);
  }

  private void limitPages(Schema schema, int pages) {
    // Holds for the writer's connection, which a test has no other way to.
    int _ =
        database
            .sql(schema)
            .write(h -> h.createQuery("pragma max_page_count = " + pages).mapTo(int.class).one());
  }

  @Test
  void aDirectoryThatIsNotTheOneIsSaidSo() {
    assertThatThrownBy(() -> Database.open(new DatabaseConfig.Embedded(folder.resolve("nowhere"))))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void aFileThatIsNoDatabaseIsSaidSo() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(other.resolve(Database.MAIN_FILE), "not a database ".repeat(100));
    assertThatThrownBy(() -> Database.open(new DatabaseConfig.Embedded(other)))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining(other.toString());
  }

  @Test
  void theFilesAreForTheirOwnerAlone() throws Exception {
    try (var files = Files.list(folder)) {
      assertThat(files.toList())
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .as(file.toString())
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void aClosedDatabaseFailsEveryPortWithItsOwnException() {
    database.close();
    assertThatThrownBy(() -> database.ledger().append(event("x")))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThatThrownBy(() -> database.ledger().find(LedgerQuery.newest(1)))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThatThrownBy(() -> database.sessions().find(SessionQuery.newest(1)))
        .isInstanceOf(RecordUnavailableException.class);
    assertThatThrownBy(() -> database.directory().load())
        .isInstanceOf(DirectoryUnavailableException.class);
    assertThatThrownBy(() -> database.secrets().find(Samples.rootPassword()))
        .isInstanceOf(VaultException.class);
    assertThatThrownBy(() -> database.tokens().listAll())
        .isInstanceOf(TokensUnavailableException.class);
  }

  @Test
  void inASharedTransactionAUnitThatFailsTakesNobodyWithIt() throws Exception {
    Sql sql = database.sql(Schema.MAIN);
    CountDownLatch gathered = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> holder = pool.submit(() -> sql.write(handle -> hold(gathered)));
      awaitQueue(0, holder);
      List<Future<Long>> grouped = new ArrayList<>();
      grouped.add(pool.submit(() -> database.directory().save(7, group("stale"))));
      grouped.add(pool.submit(() -> database.directory().save(0, group("good"))));
      awaitQueue(2, holder);
      gathered.countDown();
      assertThatThrownBy(() -> grouped.get(0).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(StaleDirectoryException.class);
      assertThat(grouped.get(1).get()).isEqualTo(1);
    }
    assertThat(database.directory().load().groups()).containsOnlyKeys(Name.of("good"));
  }

  @Test
  void aFullQueueIsRefusedAtOnceAndOnlyTheOnePastTheLimit() throws Exception {
    Sql sql = database.sql(Schema.MAIN);
    CountDownLatch gathered = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> holder = pool.submit(() -> sql.write(handle -> hold(gathered)));
      awaitQueue(0, holder);
      List<Future<Integer>> waiting = new ArrayList<>();
      for (int i = 0; i < IMPATIENT.queuedUnits(); i++) {
        waiting.add(pool.submit(() -> sql.write(handle -> 1)));
      }
      awaitQueue(IMPATIENT.queuedUnits(), holder);
      assertThatThrownBy(() -> database.tokens().purgeExpired(Samples.NOW))
          .isInstanceOf(TokensUnavailableException.class)
          .hasMessageContaining("too much waits");
      gathered.countDown();
      for (Future<Integer> each : waiting) {
        assertThat(each.get()).isEqualTo(1);
      }
    }
  }

  private static int hold(CountDownLatch until) {
    try {
      until.await();
      return 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitQueue(int units, Future<?> holder) {
    SqliteFile file = (SqliteFile) database.sql(Schema.MAIN);
    Deadlines.await(
        units + " units wait", () -> !holder.isDone() && file.busy() && file.waiting() == units);
  }

  @Test
  void aUnitWhoseCallerGaveUpBeforeItsTurnIsNeverRun() throws Exception {
    Sql sql = database.sql(Schema.MAIN);
    CountDownLatch gathered = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> holder = pool.submit(() -> sql.write(handle -> hold(gathered)));
      awaitQueue(0, holder);
      Thread caller =
          Thread.ofVirtual()
              .unstarted(
                  () ->
                      assertThatThrownBy(() -> database.directory().save(0, group("late")))
                          .isInstanceOf(DirectoryUnavailableException.class));
      caller.start();
      awaitQueue(1, holder);
      caller.interrupt();
      caller.join();
      gathered.countDown();
      assertThat(holder.get()).isZero();
    }
    assertThat(database.directory().version()).isZero();
  }
}
