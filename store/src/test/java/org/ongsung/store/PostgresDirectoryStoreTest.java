package org.ongsung.store;

class PostgresDirectoryStoreTest extends DirectoryStoreContract {
  PostgresDirectoryStoreTest() {
    super(DatabaseFixture.postgres());
  }
}
