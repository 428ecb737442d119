package org.ongsung.store;

class PostgresRetentionStoreTest extends RetentionStoreContract {
  PostgresRetentionStoreTest() {
    super(DatabaseFixture.postgres());
  }
}
