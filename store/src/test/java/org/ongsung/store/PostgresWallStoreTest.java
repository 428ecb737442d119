package org.ongsung.store;

class PostgresWallStoreTest extends WallStoreContract {
  PostgresWallStoreTest() {
    super(DatabaseFixture.postgres());
  }
}
