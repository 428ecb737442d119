package org.ongsung.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ConnectionGuard;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// One embedded database file: a writer thread and a few reader threads, each with a connection.
///
/// The file is in WAL mode (sqlite.org/wal.html), so that readers and the writer do not wait for
/// each other, and every commit is flushed to disk (`synchronous=FULL`). The file is readable by
/// its owner alone. All work runs on platform threads; see [SqliteWriter] for why.
final class SqliteFile implements Sql {
  private static final int JOURNAL_BYTES_KEPT = 64 * 1024 * 1024;
  private static final long READER_IDLE_SECONDS = 60;

  /// The file whose reader this thread is.
  private static final ScopedValue<SqliteFile> READER = ScopedValue.newInstance();

  private final Path file;
  private final StoreLimits limits;
  private final SQLiteDataSource writable;
  private final SqliteWriter writer;
  private final Jdbi readable;
  private final BlockingQueue<Handle> idleReaders;
  private final ThreadPoolExecutor readers;

  SqliteFile(Path file, StoreLimits limits) {
    this.file = file;
    this.limits = limits;
    SqliteLibrary.load();
    createPrivate(file);
    this.writable = dataSource(file, writing(limits));
    Jdbi writing = keepingStatements(writable);
    String name = String.valueOf(file.getFileName());
    this.writer = new SqliteWriter(name + "-writer", writing::open, limits);
    this.readable = keepingStatements(dataSource(file, reading(limits)));
    this.idleReaders = new ArrayBlockingQueue<>(limits.readers());
    this.readers =
        new ThreadPoolExecutor(
            limits.readers(),
            limits.readers(),
            READER_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(limits.queuedUnits()),
            Thread.ofPlatform().name(name + "-reader-", 0).daemon().factory());
    readers.allowCoreThreadTimeOut(true);
  }

  private static Jdbi keepingStatements(DataSource source) {
    return Sql.plainJdbi(source).setStatementBuilderFactory(_ -> new KeptStatements());
  }

  /// Whether the writer is at work.
  boolean busy() {
    return writer.busy();
  }

  /// How many units wait for the writer.
  int waiting() {
    return writer.waiting();
  }

  /// Where the file may be written, for the migration. Every transaction begins as a writing one,
  /// and so waits its turn: SQLite refuses at once, with no wait, one that has read and then writes
  /// while somebody else holds the file (sqlite.org/lang_transaction.html, 2.2).
  DataSource migrating() {
    SQLiteConfig config = writing(limits);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    return dataSource(file, config);
  }

  /// Where db-scheduler keeps its times: connections of its own, each for a statement or two.
  DataSource scheduling() {
    return writable;
  }

  /// Makes an empty file for its owner alone, if there is none.
  static void createPrivate(Path file) {
    try {
      if (Files.notExists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    } catch (IOException e) {
      throw new DatabaseException("the database file cannot be made: " + file, e);
    }
  }

  private static SQLiteConfig writing(StoreLimits limits) {
    SQLiteConfig config = either(limits);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setJournalSizeLimit(JOURNAL_BYTES_KEPT);
    return config;
  }

  private static SQLiteConfig reading(StoreLimits limits) {
    SQLiteConfig config = either(limits);
    config.setReadOnly(true);
    return config;
  }

  private static SQLiteConfig either(StoreLimits limits) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(Math.toIntExact(limits.lockTimeout().toMillis()));
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    return config;
  }

  private static SQLiteDataSource dataSource(Path file, SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return source;
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public <T> T write(Unit<T> unit) {
    ConnectionGuard.assertNoneHeld("the database");
    return writer.run(unit);
  }

  @Override
  public <T> T read(Unit<T> unit) {
    ConnectionGuard.assertNoneHeld("the database");
    return READER.isBound() && READER.get() == this ? reading(unit) : onReader(() -> reading(unit));
  }

  /// The readers themselves, for whom a read waits for no other thread.
  @Override
  public Executor askers() {
    return work -> toReaders(() -> ScopedValue.where(READER, this).run(work));
  }

  @Override
  public <T> T readConsistently(Unit<T> unit) {
    return onReader(() -> reading(inOneView(unit)));
  }

  @Override
  public <T> T readAtLength(Unit<T> unit) {
    return apart(
        () -> {
          try (Handle handle = readable.open()) {
            return inOneView(unit).run(handle);
          }
        });
  }

  @Override
  public <T> T writeAtLength(Unit<T> unit) {
    return apart(
        () -> {
          try (Handle handle = Sql.plainJdbi(writable).open()) {
            execute(handle, "begin immediate");
            T value = unit.run(handle);
            execute(handle, "commit");
            return value;
          }
        });
  }

  private static <T> Unit<T> inOneView(Unit<T> unit) {
    return handle -> {
      execute(handle, "begin");
      T value = unit.run(handle);
      execute(handle, "commit");
      return value;
    };
  }

  private <T> T onReader(Callable<T> work) {
    ConnectionGuard.assertNoneHeld("the database");
    FutureTask<T> task = new FutureTask<>(work);
    toReaders(task);
    return Await.answer(task, limits.answerTimeout(), () -> task.cancel(false));
  }

  private void toReaders(Runnable work) {
    try {
      readers.execute(work);
    } catch (RejectedExecutionException e) {
      throw new StoreFailure(
          readers.isShutdown() ? StoreFailure.Kind.UNREACHABLE : StoreFailure.Kind.BUSY, e);
    }
  }

  private <T> T reading(Unit<T> unit) {
    ConnectionGuard.taken();
    Handle handle = null;
    try {
      handle = idleReaders.poll();
      if (handle == null) {
        handle = readable.open();
      }
      T value = unit.run(handle);
      if (idleReaders.offer(handle)) {
        handle = null;
      }
      return value;
    } finally {
      closeQuietly(handle); // after a failure, a connection of unknown state
      ConnectionGuard.released();
    }
  }

  /// Writes a copy of the file as it is now to `copy`, which must not be there yet; readers and the
  /// writer go on meanwhile (sqlite.org/lang_vacuum.html, VACUUM INTO).
  void copyTo(Path copy) {
    createPrivate(copy);
    apart(
        () -> {
          try (Handle handle = readable.open()) {
            handle.execute("vacuum into ?", copy.toAbsolutePath().toString());
          }
          return 0;
        });
    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      channel.force(true); // VACUUM INTO itself does not
    } catch (IOException e) {
      throw new DatabaseException("the copy cannot be flushed to disk: " + copy, e);
    }
  }

  /// Runs `work` on a thread of its own, for as long as it takes.
  private static <T> T apart(Callable<T> work) {
    ConnectionGuard.assertNoneHeld("the database");
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().name("database-copy").daemon().start(task);
    return Await.answer(task, java.time.Duration.ofDays(1), () -> task.cancel(true));
  }

  @Override
  public void close() {
    writer.close();
    readers.shutdown();
    try {
      if (!readers.awaitTermination(limits.answerTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        return; // a reader still has its connection; the end of the process closes it
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Handle handle = idleReaders.poll(); handle != null; handle = idleReaders.poll()) {
      closeQuietly(handle);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }

  /// Runs a statement without parameters or result, past Jdbi, whose bookkeeping it does not need.
  static void execute(Handle handle, String sql) {
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw StoreFailure.of(e);
    }
  }

  static void closeQuietly(@Nullable Handle handle) {
    if (handle == null) {
      return;
    }
    try {
      handle.close();
    } catch (JdbiException e) {
      // It was to be thrown away; SQLite lets go of the file either way.
    }
  }
}
