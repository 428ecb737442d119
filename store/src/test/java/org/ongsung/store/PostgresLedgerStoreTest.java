package org.ongsung.store;

class PostgresLedgerStoreTest extends LedgerStoreContract {
  PostgresLedgerStoreTest() {
    super(DatabaseFixture.postgres());
  }
}
