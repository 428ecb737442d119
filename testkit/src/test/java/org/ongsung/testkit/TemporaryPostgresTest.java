package org.ongsung.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TemporaryPostgresTest {
  @Test
  void theSharedServerGivesEachTestAnEmptyDatabase() {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    TemporaryPostgres.Database first = postgres.newDatabase();
    TemporaryPostgres.Database second = postgres.newDatabase();

    postgres.sql(first.name(), "create table t (x text); insert into t values ('가')");

    assertThat(postgres.sql(first.name(), "select x from t")).isEqualTo("가");
    assertThat(postgres.sql(second.name(), "select count(*) from pg_class where relname = 't'"))
        .isEqualTo("0");
    assertThat(TemporaryPostgres.shared()).isSameAs(postgres);
    assertThat(first.url()).isEqualTo("jdbc:postgresql://127.0.0.1:" + postgres.port() + "/test_1");
  }

  @Test
  void aServerOfOnesOwnCanBeStoppedAndStartedAgainWithItsData() {
    try (TemporaryPostgres postgres = TemporaryPostgres.start(true)) {
      TemporaryPostgres.Database database = postgres.newDatabase();
      postgres.sql(database.name(), "create table t (x int); insert into t values (7)");
      assertThat(postgres.sql(database.name(), "show fsync")).isEqualTo("on");

      postgres.stopServer();
      assertThat(Ports.listening(postgres.port())).isFalse();
      postgres.startServer();

      assertThat(postgres.sql(database.name(), "select x from t")).isEqualTo("7");
    }
  }
}
