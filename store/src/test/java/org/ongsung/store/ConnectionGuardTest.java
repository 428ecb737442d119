package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.model.ConnectionGuard;

class ConnectionGuardTest {
  private static DatabaseFixture fixture(String name) {
    return name.equals("sqlite") ? DatabaseFixture.sqlite() : DatabaseFixture.postgres();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgres"})
  void waitingWhileAConnectionIsHeldFails(String name) throws Exception {
    try (DatabaseFixture fixture = fixture(name);
        Database database = Database.open(fixture.create())) {
      database.migrate();
      Sql sql = database.sql(Schema.MAIN);
      assertThatThrownBy(() -> sql.write(handle -> wait("a dial")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("a dial");
      assertThatThrownBy(() -> sql.read(handle -> wait("a dial")))
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> sql.readConsistently(handle -> database.directory().load()))
          .as("a second connection")
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> sql.write(handle -> database.directory().version()))
          .as("a second connection")
          .isInstanceOf(AssertionError.class);
      ConnectionGuard.assertNoneHeld("nothing: all are given back");
      assertThat(database.directory().version()).isZero();
    }
  }

  private static int wait(String what) {
    ConnectionGuard.assertNoneHeld(what);
    return 0;
  }
}
