package org.ongsung.store;

class PostgresAccessFileTest extends AccessFileContract {
  PostgresAccessFileTest() {
    super(DatabaseFixture.postgres());
  }
}
