package org.ongsung.store;

class PostgresSessionStoreTest extends SessionStoreContract {
  PostgresSessionStoreTest() {
    super(DatabaseFixture.postgres());
  }
}
