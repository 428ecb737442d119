package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.ongsung.directory.DirectoryUnavailableException;
import org.ongsung.model.EndReason;
import org.ongsung.model.SessionId;
import org.ongsung.recording.SessionQuery;

abstract class SchemaContract {
  private final DatabaseFixture fixture;
  private Database database;

  SchemaContract(DatabaseFixture fixture) {
    this.fixture = fixture;
  }

  private Database opened() throws Exception {
    database = Database.open(fixture.create());
    return database;
  }

  @AfterEach
  void closeTheDatabase() throws Exception {
    if (database != null) {
      database.close();
    }
    fixture.close();
  }

  @Test
  void anEmptyDatabaseSaysSoAndIsCurrentOnceMigrated() throws Exception {
    opened();
    assertThat(database.schemaState()).isEqualTo(SchemaState.EMPTY);
    assertThatThrownBy(() -> database.directory().load())
        .isInstanceOf(DirectoryUnavailableException.class);
    database.migrate();
    assertThat(database.schemaState()).isEqualTo(SchemaState.CURRENT);
    database.migrate();
    assertThat(database.directory().load().version()).isZero();
  }

  @Test
  void aDatabaseOfAnOlderVersionIsBehindUntilItIsMigrated() throws Exception {
    opened();
    database.migrate(Schema.MAIN, 1);
    database.migrate(Schema.LEDGER, 1);
    assertThat(database.schemaState()).isEqualTo(SchemaState.BEHIND);
    database.migrate();
    assertThat(database.schemaState()).isEqualTo(SchemaState.CURRENT);
  }

  @Test
  void sentencesThatSaidWhyASessionEndedBecomeCodes() throws Exception {
    opened();
    database.migrate(Schema.MAIN, 2);
    List<String> sentences =
        List.of(
            "the person closed the connection",
            "An administrator ended this session: a \"quoted\" 점검",
            "This session was idle for longer than its grant allows (PT30M).",
            "Your access to this target was withdrawn, so this session ends.",
            "TARGET_HUNG_UP: what nobody knew");
    for (String sentence : sentences) {
      String id = SessionId.create(Samples.NOW).value();
      int written = database.sql(Schema.MAIN).write(h -> h.execute(ended(id, sentence)));
      assertThat(written).isOne();
    }
    database.migrate();
    assertThat(
            database.sessions().find(SessionQuery.newest(10)).stream()
                .map(session -> Objects.requireNonNull(session.end()).reason()))
        .containsExactlyInAnyOrder(
            EndReason.of(EndReason.Code.PERSON_LEFT),
            EndReason.of(EndReason.Code.ADMINISTRATOR, "a \"quoted\" 점검"),
            EndReason.of(EndReason.Code.IDLE_LIMIT, "PT30M", "ops"),
            EndReason.of(EndReason.Code.REVOKED, "ops"),
            EndReason.of(EndReason.Code.AS_WRITTEN, "TARGET_HUNG_UP: what nobody knew"));
  }

  private static String ended(String id, String reason) {
    return "insert into sessions values ('%s', 'alice', 'web-1', 'root', 'root', 'ssh', 'ops', '',"
            .formatted(id)
        + " '', '', 'n', 1, 2, 'ended', '%s', null, 0, 0, '')".formatted(reason);
  }

  @Test
  void aMigrationThatStoppedBetweenTheSchemasGoesOn() throws Exception {
    opened();
    database.migrate(Schema.MAIN, Schema.MAIN.newest());
    assertThat(database.schemaState()).isEqualTo(SchemaState.BEHIND);
    database.migrate();
    assertThat(database.schemaState()).isEqualTo(SchemaState.CURRENT);
  }

  @Test
  void aDatabaseOfANewerVersionIsRefusedAndSaysWhatToDo() throws Exception {
    opened();
    database.migrate();
    database.close();
    fixture.execute(
        "insert into ledger_schema_history"
            + " (installed_rank, version, description, type, script, installed_by,"
            + " execution_time, success) values (99, '99', '', 'SQL', '', '', 0, "
            + (fixture.config() instanceof DatabaseConfig.Embedded ? "1" : "true")
            + ")");
    assertThatThrownBy(() -> Database.open(fixture.config()))
        .isInstanceOf(SchemaTooNewException.class)
        .hasMessageContaining("newer version")
        .hasMessageContaining("schema 99");
  }

  @RepeatedTest(4)
  void severalNodesMayMigrateAtOnce() throws Exception {
    opened();
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<Future<SchemaState>> nodes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        nodes.add(
            pool.submit(
                () -> {
                  try (Database node = Database.open(fixture.config())) {
                    node.migrate();
                    return node.schemaState();
                  }
                }));
      }
      for (Future<SchemaState> node : nodes) {
        assertThat(node.get()).isEqualTo(SchemaState.CURRENT);
      }
    }
  }

  @Test
  void copiesKnowEveryTable() throws Exception {
    opened();
    database.migrate();
    Set<String> listed = new TreeSet<>();
    Set<String> found = new TreeSet<>();
    for (Schema schema : Schema.values()) {
      listed.addAll(schema.tables());
      listed.addAll(schema.derivedTables());
      found.addAll(database.sql(schema).read(handle -> tables(handle.getConnection())));
    }
    found.removeIf(table -> table.endsWith("_schema_history") || table.startsWith("sqlite_"));
    assertThat(listed).isEqualTo(found);
  }

  private static Set<String> tables(java.sql.Connection connection) {
    Set<String> tables = new TreeSet<>();
    try (ResultSet rows =
        connection
            .getMetaData()
            .getTables(null, connection.getSchema(), "%", new String[] {"TABLE"})) {
      while (rows.next()) {
        tables.add(rows.getString("TABLE_NAME"));
      }
      return tables;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
