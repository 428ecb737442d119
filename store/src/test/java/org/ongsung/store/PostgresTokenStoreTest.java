package org.ongsung.store;

class PostgresTokenStoreTest extends TokenStoreContract {
  PostgresTokenStoreTest() {
    super(DatabaseFixture.postgres());
  }
}
