package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.audit.LedgerStore;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectoryUnavailableException;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.policy.TokensUnavailableException;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.recording.SessionQuery;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.TemporaryPostgres;
import org.ongsung.vault.VaultException;

class PostgresFailureTest {
  private static final StoreLimits IMPATIENT =
      new StoreLimits(
          100, 10, 2, Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(20));

  private TemporaryPostgres server;
  private TemporaryPostgres.Database place;
  private Database database;

  @BeforeEach
  void startAServerOfOurOwn() {
    server = TemporaryPostgres.start(false);
    place = server.newDatabase();
    database = Database.open(DatabaseFixture.config(place), IMPATIENT);
    database.migrate();
  }

  @AfterEach
  void stopIt() {
    if (database != null) {
      database.close();
    }
    server.close();
  }

  private static List<AuditEvent> event(String subject) {
    return List.of(Samples.event(Samples.NOW, AuditCode.LOGOUT, "alice", subject));
  }

  @Test
  void aServerThatGoesAwayFailsEveryPortClosedAndIsFoundAgainWhenItIsBack() {
    LedgerStore ledger = database.ledger();
    ledger.append(event("before"));
    server.stopServer();
    assertThatThrownBy(() -> ledger.append(event("meanwhile")))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("cannot be reached");
    assertThatThrownBy(() -> ledger.find(LedgerQuery.newest(1)))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThatThrownBy(
            () -> database.sessions().start(Samples.session(Samples.NOW, "alice", "web-1")))
        .isInstanceOf(RecordUnavailableException.class);
    assertThatThrownBy(() -> database.sessions().find(SessionQuery.newest(1)))
        .isInstanceOf(RecordUnavailableException.class);
    assertThatThrownBy(() -> database.directory().load())
        .isInstanceOf(DirectoryUnavailableException.class);
    assertThatThrownBy(
            () ->
                database
                    .directory()
                    .save(0, new DirectoryChange.Builder().put(Samples.ops()).build()))
        .isInstanceOf(DirectoryUnavailableException.class);
    assertThatThrownBy(() -> database.secrets().find(Samples.rootPassword()))
        .isInstanceOf(VaultException.class);
    assertThatThrownBy(() -> database.tokens().listAll())
        .isInstanceOf(TokensUnavailableException.class);

    server.startServer();
    Deadlines.await("the ledger takes events again", () -> appends(ledger));
    assertThat(ledger.find(LedgerQuery.newest(10)))
        .extracting(LedgerEntry::sequence)
        .containsExactly(2L, 1L);
    assertThat(database.directory().load().version()).isZero();
  }

  private static boolean appends(LedgerStore ledger) {
    try {
      return ledger.append(event("after")) == 2;
    } catch (LedgerUnavailableException e) {
      return false;
    }
  }

  @Test
  void aConnectionThatIsCutFailsWhatItCarriedAndNothingAfter() {
    Sql sql = database.sql(Schema.MAIN);
    assertThatThrownBy(
            () ->
                sql.write(
                    handle ->
                        handle
                            .createQuery("select pg_terminate_backend(pg_backend_pid())")
                            .mapTo(Boolean.class)
                            .one()))
        .isInstanceOf(StoreFailure.class)
        .extracting(failure -> ((StoreFailure) failure).kind())
        .isEqualTo(StoreFailure.Kind.UNREACHABLE);
    assertThat(database.directory().load().version()).isZero();
  }

  @Test
  void anAcknowledgedEventIsOnDiskAlsoWhereTheServerIsSetToAnswerSooner() {
    String setting =
        database
            .sql(Schema.LEDGER)
            .read(h -> h.createQuery("show synchronous_commit").mapTo(String.class).one());
    assertThat(server.sql(place.name(), "show synchronous_commit")).isEqualTo("off");
    assertThat(setting).isEqualTo("on");
  }

  @Test
  void aServerThatIsNotThereOrDoesNotLetUsInIsSaidSoWithoutThePassword() {
    DatabaseConfig wrong =
        new DatabaseConfig.Postgres(place.url(), place.user(), "not the password", 2);
    assertThatThrownBy(() -> Database.open(wrong, IMPATIENT))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("database.url")
        .hasMessageContaining(place.url())
        .hasMessageNotContaining("not the password");
    server.stopServer();
    assertThatThrownBy(() -> Database.open(DatabaseFixture.config(place), IMPATIENT))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("that the server runs");
  }

  @Test
  void aDatabaseInAnotherEncodingIsRefused() {
    String _ =
        server.sql(
            "postgres", "create database latin encoding 'LATIN1' locale 'C' template template0");
    DatabaseConfig latin =
        new DatabaseConfig.Postgres(
            place.url().replace(place.name(), "latin"), place.user(), place.password(), 2);
    assertThatThrownBy(() -> Database.open(latin, IMPATIENT))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("LATIN1")
        .hasMessageContaining("UTF8");
  }
}
