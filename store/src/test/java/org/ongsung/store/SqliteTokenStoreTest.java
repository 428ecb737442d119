package org.ongsung.store;

class SqliteTokenStoreTest extends TokenStoreContract {
  SqliteTokenStoreTest() {
    super(DatabaseFixture.sqlite());
  }
}
