package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;
import static org.ongsung.store.StoredText.instant;
import static org.ongsung.store.StoredText.micros;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.recording.Retention;
import org.ongsung.recording.RetentionStore;

/// Holds and purges as columns of the sessions; each change is one conditional statement.
final class SqlRetentionStore implements RetentionStore {
  private final Sql sql;

  SqlRetentionStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Retention of(SessionId session) {
    return read(
        handle ->
            handle
                .createQuery("select * from sessions where id = ?")
                .bind(0, session.value())
                .map((row, _) -> retention(row))
                .findOne()
                .orElse(Retention.NONE));
  }

  private static Retention retention(ResultSet row) throws SQLException {
    Long heldAt = Columns.longOrNull(row, "held_at");
    Long purgedAt = Columns.longOrNull(row, "purged_at");
    return new Retention(
        heldAt == null
            ? null
            : new Retention.Hold(
                row.getString("held_by"), instant(heldAt), row.getString("hold_reason")),
        purgedAt == null
            ? null
            : new Retention.Purge(
                instant(purgedAt), row.getInt("purged_recordings"), row.getLong("purged_bytes")));
  }

  @Override
  public boolean hold(SessionId session, Retention.Hold hold) {
    return write(
            handle ->
                handle
                    .createUpdate(
                        """
                        update sessions set held_at = :at, held_by = :by, hold_reason = :reason
                        where id = :id and held_at is null and purged_at is null
                        """)
                    .bind("id", session.value())
                    .bind("at", micros(hold.at()))
                    .bind("by", clean(hold.by()))
                    .bind("reason", clean(hold.reason()))
                    .execute())
        == 1;
  }

  @Override
  public boolean release(SessionId session) {
    return write(
            handle ->
                handle
                    .createUpdate(
                        """
                        update sessions set held_at = null, held_by = null, hold_reason = null
                        where id = ? and held_at is not null
                        """)
                    .bind(0, session.value())
                    .execute())
        == 1;
  }

  @Override
  public List<Due> due(String node, Instant endedBefore, @Nullable SessionId after, int limit) {
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select id, target, ended_at from sessions
                    where node = :node and ended_at is not null and purged_recordings is null
                      and ended_at < :before and held_at is null and id > :after
                    order by id limit :limit
                    """)
                .bind("node", clean(node))
                .bind("before", micros(endedBefore))
                .bind("after", after == null ? "" : after.value())
                .bind("limit", limit)
                .map(
                    (row, _) ->
                        new Due(
                            new SessionId(row.getString("id")),
                            Name.of(row.getString("target")),
                            instant(row.getLong("ended_at"))))
                .list());
  }

  @Override
  public long heldOf(String node, Instant endedBefore) {
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select count(*) from sessions
                    where node = ? and held_at is not null and ended_at < ?
                    """)
                .bind(0, clean(node))
                .bind(1, micros(endedBefore))
                .mapTo(Long.class)
                .one());
  }

  @Override
  public boolean beginPurge(SessionId session, Instant at) {
    return write(
            handle ->
                handle
                    .createUpdate(
                        """
                        update sessions set purged_at = coalesce(purged_at, ?)
                        where id = ? and ended_at is not null and held_at is null
                        """)
                    .bind(0, micros(at))
                    .bind(1, session.value())
                    .execute())
        == 1;
  }

  @Override
  public void endPurge(SessionId session, int recordings, long bytes) {
    var _ =
        write(
            handle ->
                handle
                    .createUpdate(
                        """
                        update sessions set purged_recordings = ?, purged_bytes = ?
                        where id = ? and purged_at is not null and purged_recordings is null
                        """)
                    .bind(0, recordings)
                    .bind(1, bytes)
                    .bind(2, session.value())
                    .execute());
  }

  private <T> T read(Sql.Unit<T> unit) {
    try {
      return sql.read(unit);
    } catch (StoreFailure e) {
      throw new RecordUnavailableException(e.shown(), e);
    }
  }

  private <T> T write(Sql.Unit<T> unit) {
    try {
      return sql.write(unit);
    } catch (StoreFailure e) {
      throw new RecordUnavailableException(e.shown(), e);
    }
  }
}
