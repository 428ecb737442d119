package org.ongsung.store;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/// Keeps the statements that a connection of an embedded file has prepared, the most recently used
/// ones, because preparing costs as much there as a small query does. The pool of PostgreSQL needs
/// none of it: its driver keeps them itself.
///
/// SQLite prepares a kept statement anew by itself when the schema has changed
/// (sqlite.org/c3ref/prepare.html), but the driver goes on with the columns that it had: a schema
/// is brought up to date before anything else is read from it (see [Database#migrate]).
///
/// What gives rows is run as a query, whose rows Jdbi closes; else the statement would stand in its
/// view of the data for as long as it is kept.
///
/// Threads: as its connection, one at a time.
class KeptStatements implements StatementBuilder {
  /// Those of one connection, inclusive.
  static final int MOST = 64;

  private final StatementBuilder fresh = new DefaultStatementBuilder();

  /// By text, the one that was not used for the longest time first. Those in use are not in here.
  private final LinkedHashMap<String, PreparedStatement> kept = new LinkedHashMap<>();

  /// Those in use that will be kept, with their texts: Jdbi gives them back with the text before
  /// its names became question marks.
  private final IdentityHashMap<Statement, String> lent = new IdentityHashMap<>();

  @Override
  public Statement create(Connection connection, StatementContext context) throws SQLException {
    return fresh.create(connection, context);
  }

  @Override
  public PreparedStatement create(Connection connection, String sql, StatementContext context)
      throws SQLException {
    if (!isPlain(context)) {
      return fresh.create(connection, sql, context);
    }
    PreparedStatement before = kept.remove(sql);
    PreparedStatement statement = before == null ? fresh.create(connection, sql, context) : before;
    lent.put(statement, sql);
    return statement;
  }

  /// Gives the same result whoever prepared it.
  private static boolean isPlain(StatementContext context) {
    return !context.isReturningGeneratedKeys()
        && !context.isConcurrentUpdatable()
        && context.getConfig(SqlStatements.class).getQueryTimeout() == null;
  }

  @Override
  public CallableStatement createCall(Connection connection, String sql, StatementContext context)
      throws SQLException {
    return fresh.createCall(connection, sql, context);
  }

  @Override
  public void close(Connection connection, String sql, Statement statement) throws SQLException {
    String text = lent.remove(statement);
    if (text == null || !(statement instanceof PreparedStatement prepared) || prepared.isClosed()) {
      fresh.close(connection, sql, statement);
      return;
    }
    try {
      prepared.clearBatch();
      prepared.clearParameters(); // they may be large, and are somebody's
    } catch (SQLException e) {
      prepared.close();
      throw e;
    }
    PreparedStatement same = kept.putLast(text, prepared);
    if (same != null) {
      same.close();
    }
    Map.Entry<String, PreparedStatement> oldest = kept.size() > MOST ? kept.firstEntry() : null;
    if (oldest != null) {
      kept.remove(oldest.getKey());
      oldest.getValue().close();
    }
  }

  /// How many are kept.
  int size() {
    return kept.size();
  }
}
