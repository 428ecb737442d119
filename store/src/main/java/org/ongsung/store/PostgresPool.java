package org.ongsung.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.ongsung.model.ConnectionGuard;

/// A PostgreSQL database behind a pool of connections. Work runs on the thread that asks, which the
/// driver lets wait without its carrier.
///
/// A connection that was lost is replaced by the pool; a unit that it takes down fails, and the
/// next one finds the database again when it is back.
final class PostgresPool implements Sql {
  private static final int OLDEST_SERVER = 15;
  private static final int ASKERS = 2;
  private static final int ASKER_IDLE_SECONDS = 10;

  /// A [GroupedLookup] puts in a few at most.
  private static final int ASKS_WAITING = 64;

  private final HikariDataSource pool;
  private final Jdbi jdbi;

  /// For all lookups together, so that a pool of the usual size has connections left.
  private final ThreadPoolExecutor askers =
      new ThreadPoolExecutor(
          ASKERS,
          ASKERS,
          ASKER_IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(ASKS_WAITING),
          Thread.ofPlatform().name("database-asker-", 0).daemon().factory());

  PostgresPool(DatabaseConfig.Postgres config, StoreLimits limits) {
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName("ongsung-database");
    hikari.setJdbcUrl(config.url());
    if (config.user() != null) {
      hikari.setUsername(config.user());
    }
    if (config.password() != null) {
      hikari.setPassword(config.password());
    }
    hikari.setMaximumPoolSize(config.poolConnections());
    hikari.setMinimumIdle(Math.min(2, config.poolConnections()));
    hikari.setConnectionTimeout(limits.connectTimeout().toMillis());
    hikari.setInitializationFailTimeout(-1); // whoever opens it asks, and tells it better
    hikari.setAutoCommit(true);
    // Told once: Jdbi would ask the server for it before and after each transaction.
    hikari.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    // A server may be set to acknowledge before the disk has it; here an answer means durable.
    hikari.setConnectionInitSql(
        "select set_config('synchronous_commit', 'on', false)"
            + " where current_setting('synchronous_commit') = 'off'");
    String seconds = Long.toString(Math.max(1, limits.connectTimeout().toSeconds()));
    hikari.addDataSourceProperty("connectTimeout", seconds);
    hikari.addDataSourceProperty("loginTimeout", seconds);
    hikari.addDataSourceProperty(
        "socketTimeout", Long.toString(Math.max(1, limits.answerTimeout().toSeconds())));
    hikari.addDataSourceProperty("tcpKeepAlive", "true");
    hikari.addDataSourceProperty("ApplicationName", "ongsung");
    hikari.addDataSourceProperty("reWriteBatchedInserts", "true");
    this.pool = new HikariDataSource(hikari);
    this.jdbi = Sql.plainJdbi(pool);
    askers.allowCoreThreadTimeOut(true);
  }

  /// The pool, for the migration.
  DataSource source() {
    return pool;
  }

  /// A connection beside the pool, so that who holds it takes none from others.
  Connection connectAlone() throws SQLException {
    Properties login = new Properties();
    if (pool.getUsername() != null) {
      login.setProperty("user", pool.getUsername());
    }
    if (pool.getPassword() != null) {
      login.setProperty("password", pool.getPassword());
    }
    return DriverManager.getConnection(pool.getJdbcUrl(), login);
  }

  /// Refuses a server that is too old or keeps text in something other than UTF-8.
  void check() {
    int version =
        read(h -> h.createQuery("show server_version_num").mapTo(Integer.class).one()) / 10_000;
    if (version < OLDEST_SERVER) {
      throw new DatabaseException(
          "PostgreSQL "
              + version
              + " is too old: version "
              + OLDEST_SERVER
              + " or newer is needed");
    }
    String encoding = read(h -> h.createQuery("show server_encoding").mapTo(String.class).one());
    if (!encoding.equals("UTF8")) {
      throw new DatabaseException(
          "the PostgreSQL database is encoded in "
              + encoding
              + ": make one with ENCODING 'UTF8' and name it in database.url");
    }
  }

  @Override
  public Executor askers() {
    return work -> {
      try {
        askers.execute(work);
      } catch (RejectedExecutionException e) {
        throw new StoreFailure(
            askers.isShutdown() ? StoreFailure.Kind.UNREACHABLE : StoreFailure.Kind.BUSY, e);
      }
    };
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRESQL;
  }

  @Override
  public <T> T read(Unit<T> unit) {
    return with(unit);
  }

  @Override
  public <T> T readConsistently(Unit<T> unit) {
    return with(
        handle -> {
          handle.setReadOnly(true);
          try {
            return handle.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ, h -> unit.run(h));
          } finally {
            handle.setReadOnly(false);
          }
        });
  }

  @Override
  public <T> T readAtLength(Unit<T> unit) {
    return readConsistently(unit);
  }

  @Override
  public <T> T write(Unit<T> unit) {
    return with(handle -> handle.inTransaction(h -> unit.run(h)));
  }

  @Override
  public <T> T writeAtLength(Unit<T> unit) {
    return write(unit);
  }

  private <T> T with(Unit<T> unit) {
    ConnectionGuard.assertNoneHeld("the database");
    ConnectionGuard.taken();
    try (Handle handle = jdbi.open()) {
      return unit.run(handle);
    } catch (RuntimeException e) {
      throw StoreFailure.of(e);
    } finally {
      ConnectionGuard.released();
    }
  }

  @Override
  public void close() {
    askers.shutdown();
    pool.close();
  }
}
