package org.ongsung.store;

class SqliteTranscriptStoreTest extends TranscriptStoreContract {
  SqliteTranscriptStoreTest() {
    super(DatabaseFixture.sqlite());
  }
}
