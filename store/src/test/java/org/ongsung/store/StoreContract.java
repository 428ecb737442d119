package org.ongsung.store;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What every contract of a port starts from: an empty database, migrated. Each port's contract is
/// an abstract suite that runs once for SQLite and once for PostgreSQL.
abstract class StoreContract {
  private final DatabaseFixture fixture;
  protected Database database;

  StoreContract(DatabaseFixture fixture) {
    this.fixture = fixture;
  }

  @BeforeEach
  void openAnEmptyDatabase() throws Exception {
    database = Database.open(fixture.create());
    database.migrate();
  }

  @AfterEach
  void closeTheDatabase() throws Exception {
    if (database != null) {
      database.close();
    }
    fixture.close();
  }

  DatabaseFixture fixture() {
    return fixture;
  }

  /// Closes the database and opens it again, as a restart would.
  void reopen() {
    DatabaseConfig config = fixture.config();
    database.close();
    database = Database.open(config);
  }
}
