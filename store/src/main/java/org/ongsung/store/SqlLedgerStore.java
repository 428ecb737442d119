package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;
import static org.ongsung.store.StoredText.cleanOrNull;
import static org.ongsung.store.StoredText.containing;
import static org.ongsung.store.StoredText.folded;
import static org.ongsung.store.StoredText.instant;
import static org.ongsung.store.StoredText.micros;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.audit.LedgerStore;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.SessionId;

/// The ledger as a table that its own triggers keep append-only.
final class SqlLedgerStore implements LedgerStore {
  /// Any number that nothing else in the database locks: "ongsung" in ASCII.
  private static final long APPEND_LOCK = 0x6f6e6773756e67L;

  private static final String INSERT =
      """
      insert into ledger
        (sequence, at, code, actor, source, session_id, subject, details, search)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  /// All rows by one statement whose plan is kept, however many there are.
  private static final String INSERT_ALL =
      """
      insert into ledger
        (sequence, at, code, actor, source, session_id, subject, details, search)
      select * from unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],
        ?::text[], ?::text[], ?::text[])
      """;

  private static final String NEXT = "select coalesce(max(sequence), 0) + 1 from ledger";

  /// How many columns are texts.
  private static final int TEXTS = 7;

  private final Sql sql;

  SqlLedgerStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public long append(List<AuditEvent> events) {
    if (events.isEmpty()) {
      throw new IllegalArgumentException("nothing to append");
    }
    return orUnavailable(() -> sql.write(handle -> append(handle, events)));
  }

  private long append(Handle handle, List<AuditEvent> events) {
    long first = next(handle);
    // Past Jdbi: this is the statement that every access waits for, and its bookkeeping of names
    // and types costs as much as the insert itself.
    try {
      if (sql.dialect() == Dialect.POSTGRESQL) {
        insertAtOnce(handle.getConnection(), first, events);
      } else {
        insertEach(handle.getConnection(), first, events);
      }
    } catch (SQLException e) {
      throw StoreFailure.of(e);
    }
    return first;
  }

  /// The number of the next entry; in PostgreSQL nobody else appends until the commit.
  private long next(Handle handle) {
    if (sql.dialect() != Dialect.POSTGRESQL) {
      return handle.createQuery(NEXT).mapTo(Long.class).one();
    }
    // The next appender sees this one's rows, so sequences have no gaps and stand in the order of
    // durability on every node. Two statements, since the second must look after the lock is had;
    // sent at once, since every access waits for them.
    try (Statement both = handle.getConnection().createStatement()) {
      both.execute("select pg_advisory_xact_lock(" + APPEND_LOCK + "); " + NEXT);
      both.getMoreResults();
      try (ResultSet row = both.getResultSet()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw StoreFailure.of(e);
    }
  }

  private static void insertEach(Connection connection, long first, List<AuditEvent> events)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      long sequence = first;
      for (AuditEvent event : events) {
        insert.setLong(1, sequence++);
        insert.setLong(2, micros(event.at()));
        int parameter = 3;
        for (@Nullable String text : texts(event)) {
          insert.setString(parameter++, text);
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void insertAtOnce(Connection connection, long first, List<AuditEvent> events)
      throws SQLException {
    Long[] sequences = new Long[events.size()];
    Long[] times = new Long[events.size()];
    List<@Nullable String[]> rows = new ArrayList<>();
    for (int row = 0; row < events.size(); row++) {
      sequences[row] = first + row;
      times[row] = micros(events.get(row).at());
      rows.add(texts(events.get(row)));
    }
    try (PreparedStatement insert = connection.prepareStatement(INSERT_ALL)) {
      insert.setArray(1, connection.createArrayOf("bigint", sequences));
      insert.setArray(2, connection.createArrayOf("bigint", times));
      for (int column = 0; column < TEXTS; column++) {
        insert.setArray(3 + column, connection.createArrayOf("text", column(rows, column)));
      }
      insert.executeUpdate();
    }
  }

  private static @Nullable String[] column(List<@Nullable String[]> rows, int column) {
    @Nullable String[] texts = new @Nullable String[rows.size()];
    for (int row = 0; row < texts.length; row++) {
      texts[row] = rows.get(row)[column];
    }
    return texts;
  }

  /// What an entry has beside its number and its time, in the order of the columns.
  private static @Nullable String[] texts(AuditEvent event) {
    SessionId session = event.session();
    StringBuilder search = new StringBuilder(event.subject());
    event.details().values().forEach(value -> search.append('\n').append(value));
    return new @Nullable String[] {
      event.code().text(),
      clean(event.actor()),
      clean(event.source()),
      session == null ? null : session.value(),
      clean(event.subject()),
      JsonText.map(event.details()),
      folded(search.toString())
    };
  }

  @Override
  public List<LedgerEntry> find(LedgerQuery query) {
    Conditions where = new Conditions();
    where.in("code", query.codes().stream().map(AuditCode::text).toList());
    // The index holds the first 64 characters.
    where.and("substr(actor, 1, 64) = substr(?, 1, 64)", cleanOrNull(query.actor()));
    where.and("actor = ?", cleanOrNull(query.actor()));
    where.and("substr(subject, 1, 64) = substr(?, 1, 64)", cleanOrNull(query.subject()));
    where.and("subject = ?", cleanOrNull(query.subject()));
    SessionId session = query.session();
    where.and("session_id = ?", session == null ? null : session.value());
    String text = query.text();
    where.and("search like ? escape '!'", text == null ? null : containing(text));
    where.and("at >= ?", StoredText.microsOrNull(query.since()));
    where.and("at < ?", StoredText.microsOrNull(query.until()));
    where.and("sequence < ?", query.before());
    String select =
        "select sequence, at, code, actor, source, session_id, subject, details from ledger"
            + where.sql()
            + " order by sequence desc limit "
            + query.limit();
    return orUnavailable(
        () ->
            sql.read(
                handle ->
                    where
                        .bind(handle.createQuery(select))
                        .map((row, context) -> entry(row))
                        .list()));
  }

  private static LedgerEntry entry(ResultSet row) throws SQLException {
    String session = row.getString("session_id");
    return new LedgerEntry(
        row.getLong("sequence"),
        new AuditEvent(
            instant(row.getLong("at")),
            AuditCode.of(row.getString("code")),
            row.getString("actor"),
            row.getString("source"),
            session == null ? null : new SessionId(session),
            row.getString("subject"),
            JsonText.map(row.getString("details"))));
  }

  private static <T> T orUnavailable(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreFailure e) {
      throw new LedgerUnavailableException(e.shown(), e);
    }
  }
}
