package org.ongsung.store;

class PostgresJobQueueTest extends JobQueueContract {
  PostgresJobQueueTest() {
    super(DatabaseFixture.postgres());
  }
}
