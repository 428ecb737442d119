package org.ongsung.store;

class SqliteDirectoryStoreTest extends DirectoryStoreContract {
  SqliteDirectoryStoreTest() {
    super(DatabaseFixture.sqlite());
  }
}
