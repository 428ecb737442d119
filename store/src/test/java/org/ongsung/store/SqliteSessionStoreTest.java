package org.ongsung.store;

class SqliteSessionStoreTest extends SessionStoreContract {
  SqliteSessionStoreTest() {
    super(DatabaseFixture.sqlite());
  }
}
