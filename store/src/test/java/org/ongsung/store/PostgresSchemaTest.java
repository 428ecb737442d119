package org.ongsung.store;

class PostgresSchemaTest extends SchemaContract {
  PostgresSchemaTest() {
    super(DatabaseFixture.postgres());
  }
}
