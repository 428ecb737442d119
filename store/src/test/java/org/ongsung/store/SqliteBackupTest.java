package org.ongsung.store;

class SqliteBackupTest extends BackupContract {
  SqliteBackupTest() {
    super(DatabaseFixture.sqlite());
  }
}
