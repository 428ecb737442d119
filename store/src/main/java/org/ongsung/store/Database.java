package org.ongsung.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.ongsung.audit.LedgerStore;
import org.ongsung.directory.DirectoryStore;
import org.ongsung.directory.wall.WallStore;
import org.ongsung.jobs.JobStore;
import org.ongsung.jobs.Wakeups;
import org.ongsung.model.GuardedLock;
import org.ongsung.policy.TokenStore;
import org.ongsung.recording.RetentionStore;
import org.ongsung.recording.SessionStore;
import org.ongsung.transcript.line.TranscriptStore;
import org.ongsung.vault.OwnSecretStore;
import org.ongsung.vault.ResealableSecretStore;

/// The one database of a gateway, embedded (SQLite) or shared (PostgreSQL), and every storage port
/// that lies in it.
///
/// To start: [#open], then if [#schemaState] is `BEHIND` take a backup, then [#migrate]. The ports
/// work once the schema is current. When the database goes away they fail with their own
/// exceptions, and work again when it is back, without a restart.
///
/// Threads: everything here blocks and may be called from any thread, virtual ones included.
public final class Database implements AutoCloseable {
  /// The embedded file of all but the ledger.
  public static final String MAIN_FILE = "ongsung.db";

  /// The embedded file of the ledger.
  public static final String LEDGER_FILE = "ledger.db";

  /// One process at a time owns a data folder, so a turn within the process is enough.
  private static final GuardedLock EMBEDDED_MIGRATION = new GuardedLock();

  /// The advisory lock of those who migrate a PostgreSQL: Flyway makes them take turns, but not
  /// while it makes its own table, which another then finds there and empty.
  private static final long POSTGRES_MIGRATION = 0x6f6e_6773_756e_67L;

  private final DatabaseConfig config;
  private final Sql main;
  private final Sql ledger;
  private final SessionStore sessions;
  private final TokenStore tokens;

  private Database(DatabaseConfig config, Sql main, Sql ledger, StoreLimits limits) {
    this.config = config;
    this.main = main;
    this.ledger = ledger;
    this.sessions = new SqlSessionStore(main, limits);
    this.tokens = new SqlTokenStore(main, limits);
  }

  /// Opens the database with the usual limits.
  public static Database open(DatabaseConfig config) {
    return open(config, StoreLimits.DEFAULT);
  }

  /// Opens the database; changes nothing in its schema.
  ///
  /// @throws SchemaTooNewException when a newer version wrote it
  /// @throws DatabaseException when it cannot be reached or used
  public static Database open(DatabaseConfig config, StoreLimits limits) {
    Database database =
        switch (config) {
          case DatabaseConfig.Embedded(Path folder) -> openEmbedded(config, folder, limits);
          case DatabaseConfig.Postgres postgres -> openPostgres(postgres, limits);
        };
    try {
      database.refuseNewer();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Database openEmbedded(DatabaseConfig config, Path folder, StoreLimits limits) {
    if (!Files.isDirectory(folder)) {
      throw new DatabaseException("the data folder is not there: " + folder);
    }
    SqliteFile main = new SqliteFile(folder.resolve(MAIN_FILE), limits);
    SqliteFile ledger = new SqliteFile(folder.resolve(LEDGER_FILE), limits);
    return new Database(config, main, ledger, limits);
  }

  private static Database openPostgres(DatabaseConfig.Postgres config, StoreLimits limits) {
    PostgresPool pool = new PostgresPool(config, limits);
    try {
      pool.check();
      return new Database(config, pool, pool, limits);
    } catch (StoreFailure e) {
      pool.close();
      throw new DatabaseException(
          "PostgreSQL cannot be used at "
              + config.shown()
              + ": "
              + e.shown()
              + "; check database.url, user and password, and that the server runs",
          e);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private void refuseNewer() {
    for (Schema schema : Schema.values()) {
      int found = version(schema);
      if (found > schema.newest()) {
        throw new SchemaTooNewException(shown(), found, schema.newest());
      }
    }
  }

  Sql sql(Schema schema) {
    return schema == Schema.LEDGER ? ledger : main;
  }

  /// The version of `schema` that is there; 0 for none.
  int version(Schema schema) {
    try {
      // On the writing side: a reader cannot open an embedded file that no writer has opened yet.
      return sql(schema).write(schema::version);
    } catch (StoreFailure e) {
      throw new DatabaseException("the database cannot be used: " + shown() + ": " + e.shown(), e);
    }
  }

  /// How the schema stands to this version.
  public SchemaState schemaState() {
    boolean empty = true;
    boolean current = true;
    for (Schema schema : Schema.values()) {
      int version = version(schema);
      empty &= version == 0;
      current &= version == schema.newest();
    }
    return empty ? SchemaState.EMPTY : current ? SchemaState.CURRENT : SchemaState.BEHIND;
  }

  /// Brings the schema to this version; does nothing when it is. Several nodes may try at once.
  public void migrate() {
    for (Schema schema : Schema.values()) {
      migrate(schema, schema.newest());
    }
  }

  void migrate(Schema schema, int version) {
    switch (sql(schema)) {
      case PostgresPool pool -> migrateInTurn(schema, version, pool);
      case SqliteFile file -> {
        EMBEDDED_MIGRATION.lock();
        try {
          migrate(schema, version, file.migrating(), file.dialect());
        } finally {
          EMBEDDED_MIGRATION.unlock();
        }
      }
    }
  }

  private void migrateInTurn(Schema schema, int version, PostgresPool pool) {
    // The lock goes with its transaction, whatever becomes of this process.
    try (Connection turn = pool.connectAlone();
        PreparedStatement lock = turn.prepareStatement("select pg_advisory_xact_lock(?)")) {
      turn.setAutoCommit(false);
      lock.setLong(1, POSTGRES_MIGRATION);
      lock.execute();
      migrate(schema, version, pool.source(), pool.dialect());
      turn.rollback();
    } catch (SQLException e) {
      throw new DatabaseException("the database could not be migrated", e);
    }
  }

  private void migrate(Schema schema, int version, DataSource source, Dialect dialect) {
    if (version(schema) < version) {
      schema.migrate(source, dialect, version);
    }
  }

  /// Writes a consistent copy of everything into `folder`, which is empty or not there yet, while
  /// work goes on: the two files of an embedded database, or the portable copy of PostgreSQL. The
  /// copy is on disk on return.
  ///
  /// @throws DatabaseException when it cannot be made; what was written so far stays
  public void backupTo(Path folder) {
    makeEmptyFolder(folder);
    if (copyTo(folder).isEmpty()) {
      new PortableCopy(this).write(folder);
    }
  }

  /// Writes a consistent copy that either kind of database can be restored from.
  public void exportTo(Path folder) {
    makeEmptyFolder(folder);
    new PortableCopy(this).write(folder);
  }

  private static void makeEmptyFolder(Path folder) {
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new DatabaseException("the folder for the copy is not empty: " + folder);
        }
      }
    } catch (IOException e) {
      throw new DatabaseException("the folder for the copy cannot be made: " + folder, e);
    }
  }

  /// Fills the empty database that `config` names from a copy that [#backupTo] or [#exportTo] made,
  /// of either kind. The schema stays at the copy's version until [#migrate].
  ///
  /// @throws SchemaTooNewException when a newer version made the copy
  /// @throws DatabaseException when the database is not empty, or the copy is not whole
  public static void restore(DatabaseConfig config, Path copy) {
    if (Files.exists(copy.resolve(PortableCopy.MANIFEST))) {
      try (Database database = open(config)) {
        new PortableCopy(database).read(copy);
      }
    } else if (Files.exists(copy.resolve(MAIN_FILE)) && Files.exists(copy.resolve(LEDGER_FILE))) {
      EmbeddedCopy.restore(config, copy);
    } else {
      throw new DatabaseException("there is no whole copy of a database in " + copy);
    }
  }

  /// Where it is, for people: a folder, or a URL without its parameters.
  public String shown() {
    return switch (config) {
      case DatabaseConfig.Embedded(Path folder) -> folder.toString();
      case DatabaseConfig.Postgres postgres -> postgres.shown();
    };
  }

  /// Writes a consistent copy of each embedded file into `folder`, while everything goes on; writes
  /// nothing for PostgreSQL, for which there is [#exportTo].
  ///
  /// @return the copies, named as the files
  /// @throws DatabaseException when they cannot be made
  public List<Path> copyTo(Path folder) {
    if (!(main instanceof SqliteFile mainFile && ledger instanceof SqliteFile ledgerFile)) {
      return List.of();
    }
    // The ledger last: what the directory and the sessions tell, it then tells too.
    Path mainCopy = folder.resolve(MAIN_FILE);
    Path ledgerCopy = folder.resolve(LEDGER_FILE);
    try {
      mainFile.copyTo(mainCopy);
      ledgerFile.copyTo(ledgerCopy);
    } catch (StoreFailure e) {
      throw new DatabaseException("the database could not be copied: " + e.shown(), e);
    }
    return List.of(mainCopy, ledgerCopy);
  }

  /// The ledger's port.
  public LedgerStore ledger() {
    return new SqlLedgerStore(ledger);
  }

  /// The directory's port.
  public DirectoryStore directory() {
    return new SqlDirectoryStore(main);
  }

  /// The vault's port.
  public ResealableSecretStore secrets() {
    return new SqlSecretStore(main);
  }

  /// The port of the gateway's own secrets.
  public OwnSecretStore ownSecrets() {
    return new SqlSecretStore(main);
  }

  /// The wall's port.
  public WallStore wall() {
    return new SqlWallStore(main);
  }

  /// The sessions' port.
  public SessionStore sessions() {
    return sessions;
  }

  /// The port of holds and purges.
  public RetentionStore retention() {
    return new SqlRetentionStore(main);
  }

  /// The transcripts' port.
  public TranscriptStore transcripts() {
    return new SqlTranscriptStore(main);
  }

  /// The access tokens' port.
  public TokenStore tokens() {
    return tokens;
  }

  /// The jobs' port.
  public JobStore jobs() {
    return new SqlJobStore(main);
  }

  /// What calls at times that are kept in this database. Only once the schema is current.
  ///
  /// @param node what this process is called
  public Wakeups wakeups(String node) {
    return new DatabaseWakeups(
        switch (main) {
          case PostgresPool pool -> pool.source();
          case SqliteFile file -> file.scheduling();
        },
        node);
  }

  /// Whether other processes may use the same database.
  public boolean isShared() {
    return main instanceof PostgresPool;
  }

  /// Finishes what was begun, then lets go of the database.
  @Override
  public void close() {
    main.close();
    if (ledger != main) {
      ledger.close();
    }
  }
}
