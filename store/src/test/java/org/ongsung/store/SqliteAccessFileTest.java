package org.ongsung.store;

class SqliteAccessFileTest extends AccessFileContract {
  SqliteAccessFileTest() {
    super(DatabaseFixture.sqlite());
  }
}
