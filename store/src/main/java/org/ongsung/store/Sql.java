package org.ongsung.store;

import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/// Runs units of work on one database. Callers wait; nothing else may be awaited inside a unit.
///
/// Failures of the database come out as [StoreFailure]; what a unit itself throws comes out as it
/// is, and nothing it wrote stays.
sealed interface Sql extends AutoCloseable permits SqliteFile, PostgresPool {
  /// Jdbi that takes SQL as it is written, without templates, in which `<` has a meaning.
  static Jdbi plainJdbi(DataSource source) {
    Jdbi jdbi = Jdbi.create(source);
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    return jdbi;
  }

  /// What is done with a connection, all or nothing.
  interface Unit<T> {
    T run(Handle handle);
  }

  /// Runs `unit`, which only reads, in as many views of the data as it has statements.
  <T> T read(Unit<T> unit);

  /// Runs `unit`, which only reads, on one view of the data.
  <T> T readConsistently(Unit<T> unit);

  /// Runs `unit` in one transaction, durable on return.
  <T> T write(Unit<T> unit);

  /// Like [#readConsistently], with no limit on its time and no place taken from others: for
  /// backups.
  <T> T readAtLength(Unit<T> unit);

  /// Like [#write], with no limit on its time: for restoring.
  <T> T writeAtLength(Unit<T> unit);

  /// Threads of the platform for [GroupedLookup], which may [#read] on them; throws [StoreFailure]
  /// when none can take more.
  Executor askers();

  /// What tells the dialects apart where one text does not do.
  Dialect dialect();

  @Override
  void close();
}
