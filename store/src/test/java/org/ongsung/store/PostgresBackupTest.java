package org.ongsung.store;

class PostgresBackupTest extends BackupContract {
  PostgresBackupTest() {
    super(DatabaseFixture.postgres());
  }
}
