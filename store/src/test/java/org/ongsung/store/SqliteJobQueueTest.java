package org.ongsung.store;

class SqliteJobQueueTest extends JobQueueContract {
  SqliteJobQueueTest() {
    super(DatabaseFixture.sqlite());
  }
}
