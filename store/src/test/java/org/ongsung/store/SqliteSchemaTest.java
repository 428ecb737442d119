package org.ongsung.store;

class SqliteSchemaTest extends SchemaContract {
  SqliteSchemaTest() {
    super(DatabaseFixture.sqlite());
  }
}
