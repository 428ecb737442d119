package org.ongsung.store;

class SqliteRetentionStoreTest extends RetentionStoreContract {
  SqliteRetentionStoreTest() {
    super(DatabaseFixture.sqlite());
  }
}
