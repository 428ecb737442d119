package org.ongsung.store;

class SqliteLedgerStoreTest extends LedgerStoreContract {
  SqliteLedgerStoreTest() {
    super(DatabaseFixture.sqlite());
  }
}
