package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;
import static org.ongsung.store.StoredText.instant;
import static org.ongsung.store.StoredText.micros;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.DroppedSession;
import org.ongsung.transcript.line.NumberedOperation;
import org.ongsung.transcript.line.PendingChannel;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.line.TranscriptLine;
import org.ongsung.transcript.line.TranscriptStore;
import org.ongsung.transcript.line.TranscriptUnavailableException;

/// Transcripts as a table of lines, with how far each channel's is beside the channel.
final class SqlTranscriptStore implements TranscriptStore {
  /// Any number that nothing else in the database locks: "lines" in ASCII.
  private static final long APPEND_LOCK = 0x6c696e6573L;

  private static final int DROPPED_AT_ONCE = 1_000;

  private static final String INSERT_LINE =
      """
      insert into transcript_lines (session_id, channel, number, at, direction, prompt, text)
      values (:session, :channel, :number, :at, :direction, :prompt, :text)
      """;

  private static final String LINE = "number, at, direction, prompt, text";

  private final Sql sql;

  SqlTranscriptStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public List<PendingChannel> pending(String node, boolean open, int limit) {
    if (limit < 1 || limit > MAX_PENDING) {
      throw new IllegalArgumentException("1 to 20000 at once");
    }
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select channels.* from channels join sessions on sessions.id = session_id
                    where transcript_done = 0 and node = :node and channels.ended_at is %s
                    order by session_id desc, number limit :limit
                    """
                        .formatted(open ? "null" : "not null"))
                .bind("node", clean(node))
                .bind("limit", limit)
                .map((row, context) -> pending(row))
                .list());
  }

  private static PendingChannel pending(ResultSet row) throws SQLException {
    return new PendingChannel(
        SqlSessionStore.channel(row),
        row.getLong("transcript_next"),
        row.getLong("transcript_position"));
  }

  @Override
  public boolean append(
      SessionId session, int channel, List<TranscriptLine> lines, long position, boolean done) {
    checked(Math.max(1, lines.size()));
    return write(
        handle -> {
          boolean pending =
              handle
                      .createUpdate(
                          """
                          update channels
                          set transcript_next = transcript_next + :count,
                              transcript_position = :position, transcript_done = :done
                          where session_id = :session and number = :channel
                            and transcript_done = 0
                          """)
                      .bind("count", lines.size())
                      .bind("position", position)
                      .bind("done", done ? 1 : 0)
                      .bind("session", session.value())
                      .bind("channel", channel)
                      .execute()
                  == 1;
          if (pending && !lines.isEmpty()) {
            insert(handle, session, channel, lines);
          }
          return pending;
        });
  }

  private void insert(Handle handle, SessionId session, int channel, List<TranscriptLine> lines) {
    // Held until the commit: sequences become visible in their order, on every node.
    lock(handle);
    PreparedBatch batch = handle.prepareBatch(INSERT_LINE);
    for (TranscriptLine line : lines) {
      batch
          .bind("session", session.value())
          .bind("channel", channel)
          .bind("number", line.number())
          .bind("at", micros(line.at()))
          .bind("direction", letter(line.direction()))
          .bind("prompt", clean(line.prompt()))
          .bind("text", clean(line.text()))
          .add();
    }
    batch.execute();
  }

  private void lock(Handle handle) {
    if (sql.dialect() == Dialect.POSTGRESQL) {
      handle.select("select 1 from pg_advisory_xact_lock(?)", APPEND_LOCK).mapTo(int.class).one();
    }
  }

  @Override
  public void restart(SessionId session, int channel) {
    while (deleteSome(session, "and channel = " + channel) > 0) {
      // In pieces, so that sessions write in between.
    }
    var _ =
        write(
            handle ->
                handle
                    .createUpdate(
                        """
                        update channels set transcript_next = 0, transcript_position = 0
                        where session_id = :session and number = :channel
                        """)
                    .bind("session", session.value())
                    .bind("channel", channel)
                    .execute());
  }

  @Override
  public long drop(SessionId session) {
    // First, so that no line is made while the others go.
    var _ =
        write(
            handle ->
                handle
                    .createUpdate(
                        "update channels set transcript_done = 1 where session_id = :session")
                    .bind("session", session.value())
                    .execute());
    long dropped = 0;
    for (int some = deleteSome(session, ""); some > 0; some = deleteSome(session, "")) {
      dropped += some;
    }
    var _ =
        write(
            handle -> {
              lock(handle);
              return handle
                  .createUpdate("insert into transcript_drops (session_id) values (:session)")
                  .bind("session", session.value())
                  .execute();
            });
    return dropped;
  }

  private int deleteSome(SessionId session, String more) {
    return write(
        handle ->
            handle
                .createUpdate(
                    """
                    delete from transcript_lines where sequence in (
                      select sequence from transcript_lines
                      where session_id = :session %s limit :limit)
                    """
                        .formatted(more))
                .bind("session", session.value())
                .bind("limit", DROPPED_AT_ONCE)
                .execute());
  }

  @Override
  public List<NumberedOperation> fileOperations(
      SessionId session, int channel, long id, int limit) {
    checked(limit);
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select * from file_operations
                    where session_id = :session and channel = :channel and id > :id
                    order by id limit :limit
                    """)
                .bind("session", session.value())
                .bind("channel", channel)
                .bind("id", id)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new NumberedOperation(
                            row.getLong("id"), SqlSessionStore.fileOperation(row)))
                .list());
  }

  @Override
  public List<SearchableLine> after(long sequence, int limit) {
    checked(limit);
    // The lines first and what they belong to then: the planner must not begin with the sessions.
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select found.*, kind, user_name, target
                    from (select * from transcript_lines where sequence > :sequence
                          order by sequence limit :limit) found
                    join channels on channels.session_id = found.session_id
                      and channels.number = found.channel
                    join sessions on sessions.id = found.session_id
                    order by found.sequence
                    """)
                .bind("sequence", sequence)
                .bind("limit", limit)
                .map((row, context) -> searchable(row))
                .list());
  }

  private static SearchableLine searchable(ResultSet row) throws SQLException {
    return new SearchableLine(
        row.getLong("sequence"),
        new SessionId(row.getString("session_id")),
        row.getInt("channel"),
        ChannelKind.of(row.getString("kind")),
        Name.of(row.getString("user_name")),
        Name.of(row.getString("target")),
        line(row));
  }

  private static TranscriptLine line(ResultSet row) throws SQLException {
    return new TranscriptLine(
        row.getLong("number"),
        instant(row.getLong("at")),
        direction(row.getString("direction")),
        row.getString("prompt"),
        row.getString("text"));
  }

  @Override
  public List<TranscriptLine> lines(SessionId session, int channel, long number, int limit) {
    checked(limit);
    return read(
        handle ->
            handle
                .createQuery(
                    "select "
                        + LINE
                        + """
                         from transcript_lines
                        where session_id = :session and channel = :channel and number >= :number
                        order by number limit :limit
                        """)
                .bind("session", session.value())
                .bind("channel", channel)
                .bind("number", number)
                .bind("limit", limit)
                .map((row, context) -> line(row))
                .list());
  }

  @Override
  public long newest() {
    return newest("transcript_lines");
  }

  @Override
  public List<DroppedSession> droppedAfter(long sequence, int limit) {
    checked(limit);
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select sequence, session_id from transcript_drops
                    where sequence > :sequence order by sequence limit :limit
                    """)
                .bind("sequence", sequence)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new DroppedSession(
                            row.getLong("sequence"), new SessionId(row.getString("session_id"))))
                .list());
  }

  @Override
  public long newestDropped() {
    return newest("transcript_drops");
  }

  private long newest(String table) {
    return read(
        handle ->
            handle
                .createQuery("select coalesce(max(sequence), 0) from " + table)
                .mapTo(Long.class)
                .one());
  }

  private static void checked(int limit) {
    if (limit < 1 || limit > MAX_BATCH) {
      throw new IllegalArgumentException("1 to 1000 at once");
    }
  }

  private static String letter(Direction direction) {
    return direction.text().substring(0, 1);
  }

  private static Direction direction(String letter) {
    return switch (letter) {
      case "i" -> Direction.INPUT;
      case "o" -> Direction.OUTPUT;
      default -> Direction.SCREEN;
    };
  }

  private <T> T read(Sql.Unit<T> unit) {
    return orUnavailable(() -> sql.read(unit));
  }

  private <T> T write(Sql.Unit<T> unit) {
    return orUnavailable(() -> sql.write(unit));
  }

  private static <T> T orUnavailable(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreFailure e) {
      throw new TranscriptUnavailableException(e.shown(), e);
    }
  }
}
