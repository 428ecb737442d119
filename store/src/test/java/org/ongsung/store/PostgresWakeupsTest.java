package org.ongsung.store;

class PostgresWakeupsTest extends WakeupsContract {
  PostgresWakeupsTest() {
    super(DatabaseFixture.postgres());
  }
}
