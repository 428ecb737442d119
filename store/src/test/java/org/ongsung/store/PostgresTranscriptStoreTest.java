package org.ongsung.store;

class PostgresTranscriptStoreTest extends TranscriptStoreContract {
  PostgresTranscriptStoreTest() {
    super(DatabaseFixture.postgres());
  }
}
