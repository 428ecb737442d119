package org.ongsung.store;

class SqliteWallStoreTest extends WallStoreContract {
  SqliteWallStoreTest() {
    super(DatabaseFixture.sqlite());
  }
}
