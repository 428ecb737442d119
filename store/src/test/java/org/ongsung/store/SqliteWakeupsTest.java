package org.ongsung.store;

class SqliteWakeupsTest extends WakeupsContract {
  SqliteWakeupsTest() {
    super(DatabaseFixture.sqlite());
  }
}
