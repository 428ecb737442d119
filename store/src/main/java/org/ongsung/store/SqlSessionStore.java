package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;
import static org.ongsung.store.StoredText.cleanOrNull;
import static org.ongsung.store.StoredText.containing;
import static org.ongsung.store.StoredText.folded;
import static org.ongsung.store.StoredText.instant;
import static org.ongsung.store.StoredText.micros;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.recording.ChannelProgress;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.recording.SessionQuery;
import org.ongsung.recording.SessionStore;
import org.ongsung.recording.TargetUse;

/// Sessions, channels and file operations as tables.
final class SqlSessionStore implements SessionStore {
  private static final int MAX_PAGE = 1_000;

  private static final String INSERT_SESSION =
      """
      insert into sessions
        (id, user_name, target, account, login, protocol, grant_name, factors, source, client,
         node, started_at, state, search)
      values (:id, :user, :target, :account, :login, :protocol, :grant, :factors, :source, :client,
              :node, :startedAt, 'live', :search)
      """;

  private static final String END_SESSION =
      """
      update sessions
      set ended_at = :at, state = :state, end_code = :code, end_parameters = :parameters,
          ended_by = :by,
          bytes_from_client = :fromClient, bytes_to_client = :toClient
      where id = :id and ended_at is null
      """;

  private static final String INSERT_CHANNEL =
      """
      insert into channels (session_id, number, kind, subject, opened_at, search)
      values (:session, :number, :kind, :subject, :openedAt, :search)
      """;

  private static final String CLOSE_CHANNEL =
      """
      update channels
      set ended_at = :at, exit_status = :exitStatus, exit_signal = :exitSignal,
          bytes_from_client = :fromClient, bytes_to_client = :toClient,
          sha256_from_client = :sha256FromClient, sha256_to_client = :sha256ToClient,
          replaced = :replaced, complete = :complete
      where session_id = :session and number = :number and ended_at is null
      """;

  private static final String KEEP_PROGRESS =
      """
      update channels
      set seen_at = :at, bytes_from_client = :fromClient, bytes_to_client = :toClient
      where session_id = :session and number = :number and ended_at is null
      """;

  private static final String INSERT_FILE_OPERATION =
      """
      insert into file_operations
        (session_id, channel, at, kind, path, other_path, detail, bytes_read, bytes_written, result)
      values (:session, :channel, :at, :kind, :path, :otherPath, :detail, :read, :written, :result)
      """;

  /// The newest ids are the newest sessions.
  private static final String USES =
      """
      select target, account, count(*) as uses, max(started_at) as last_at
      from (select target, account, started_at, state from sessions
            where user_name = :user order by id desc limit :sessions) newest
      where state <> 'failed'
      group by target, account
      order by last_at desc, target, account
      """;

  private static final int MAX_USES = 10_000;

  private final Sql sql;
  private final GroupedLookup<Session> byId;

  SqlSessionStore(Sql sql, StoreLimits limits) {
    this.sql = sql;
    this.byId =
        GroupedLookup.of(
            sql, limits, "select * from sessions where id in", "id", SqlSessionStore::session);
  }

  @Override
  public void start(Session session) {
    if (session.end() != null) {
      throw new IllegalArgumentException("a session starts before it ends: " + session.id());
    }
    String search =
        String.join(
            "\n",
            session.user().value(),
            session.target().value(),
            session.account().value(),
            session.source());
    var _ =
        write(
            handle ->
                handle
                    .createUpdate(INSERT_SESSION)
                    .bind("id", session.id().value())
                    .bind("user", session.user().value())
                    .bind("target", session.target().value())
                    .bind("account", session.account().value())
                    .bind("login", clean(session.login()))
                    .bind("protocol", session.protocol().text())
                    .bind("grant", session.grant().value())
                    .bind("factors", clean(session.factors()))
                    .bind("source", clean(session.source()))
                    .bind("client", clean(session.client()))
                    .bind("node", clean(session.node()))
                    .bind("startedAt", micros(session.startedAt()))
                    .bind("search", folded(search))
                    .execute());
  }

  @Override
  public boolean end(SessionId id, Session.End end) {
    if (end.state() == SessionState.LIVE) {
      throw new IllegalArgumentException("a session does not end live: " + id);
    }
    Name by = end.by();
    return write(
            handle ->
                handle
                    .createUpdate(END_SESSION)
                    .bind("id", id.value())
                    .bind("at", micros(end.at()))
                    .bind("state", end.state().text())
                    .bind("code", end.reason().code().text())
                    .bind("parameters", JsonText.map(end.reason().parameters()))
                    .bind("by", by == null ? null : by.value())
                    .bind("fromClient", end.bytesFromClient())
                    .bind("toClient", end.bytesToClient())
                    .execute())
        == 1;
  }

  @Override
  public void openChannel(SessionChannel channel) {
    var _ =
        write(
            handle ->
                handle
                    .createUpdate(INSERT_CHANNEL)
                    .bind("session", channel.session().value())
                    .bind("number", channel.number())
                    .bind("kind", channel.kind().text())
                    .bind("subject", clean(channel.subject()))
                    .bind("openedAt", micros(channel.openedAt()))
                    .bind("search", folded(channel.subject()))
                    .execute());
  }

  @Override
  public void closeChannel(SessionId session, int number, SessionChannel.End end) {
    var _ =
        write(
            handle ->
                handle
                    .createUpdate(CLOSE_CHANNEL)
                    .bind("session", session.value())
                    .bind("number", number)
                    .bind("at", micros(end.at()))
                    .bind("exitStatus", end.exitStatus())
                    .bind("exitSignal", cleanOrNull(end.exitSignal()))
                    .bind("fromClient", end.bytesFromClient())
                    .bind("toClient", end.bytesToClient())
                    .bind("sha256FromClient", end.sha256FromClient())
                    .bind("sha256ToClient", end.sha256ToClient())
                    .bind("replaced", end.replaced())
                    .bind("complete", end.complete() ? 1 : 0)
                    .execute());
  }

  @Override
  public void keepProgress(List<ChannelProgress> progress) {
    if (progress.isEmpty()) {
      return;
    }
    var _ =
        write(
            handle -> {
              PreparedBatch batch = handle.prepareBatch(KEEP_PROGRESS);
              for (ChannelProgress channel : progress) {
                batch
                    .bind("session", channel.session().value())
                    .bind("number", channel.number())
                    .bind("at", micros(channel.at()))
                    .bind("fromClient", channel.bytesFromClient())
                    .bind("toClient", channel.bytesToClient())
                    .add();
              }
              return batch.execute();
            });
  }

  @Override
  public List<ChannelProgress> progress(SessionId session) {
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select * from channels
                    where session_id = :id and ended_at is null and seen_at is not null
                    order by number
                    """)
                .bind("id", session.value())
                .map((row, context) -> progress(row))
                .list());
  }

  private static ChannelProgress progress(ResultSet row) throws SQLException {
    return new ChannelProgress(
        new SessionId(row.getString("session_id")),
        row.getInt("number"),
        instant(row.getLong("seen_at")),
        row.getLong("bytes_from_client"),
        row.getLong("bytes_to_client"));
  }

  @Override
  public void addFileOperations(List<FileOperation> operations) {
    if (operations.isEmpty()) {
      return;
    }
    var _ =
        write(
            handle -> {
              PreparedBatch batch = handle.prepareBatch(INSERT_FILE_OPERATION);
              operations.forEach(operation -> bind(batch, operation));
              return batch.execute();
            });
  }

  private static void bind(PreparedBatch batch, FileOperation operation) {
    batch
        .bind("session", operation.session().value())
        .bind("channel", operation.channel())
        .bind("at", micros(operation.at()))
        .bind("kind", clean(operation.kind()))
        .bind("path", clean(operation.path()))
        .bind("otherPath", clean(operation.otherPath()))
        .bind("detail", clean(operation.detail()))
        .bind("read", operation.bytesRead())
        .bind("written", operation.bytesWritten())
        .bind("result", clean(operation.result()))
        .add();
  }

  @Override
  public Optional<Session> find(SessionId id) {
    return orUnavailable(() -> byId.find(id.value()));
  }

  @Override
  public List<Session> find(SessionQuery query) {
    Conditions where = new Conditions();
    where.and("user_name = ?", value(query.user()));
    where.and("target = ?", value(query.target()));
    where.in("state", query.states().stream().map(SessionState::text).toList());
    where.in(
        "exists (select 1 from channels where session_id = sessions.id and ",
        "kind",
        query.kinds().stream().map(ChannelKind::text).toList(),
        ")");
    where.and("started_at >= ?", StoredText.microsOrNull(query.since()));
    where.and("started_at < ?", StoredText.microsOrNull(query.until()));
    String text = query.text();
    where.and(
        """
        (search like ? escape '!'
         or exists (select 1 from channels
                    where session_id = sessions.id and channels.search like ? escape '!'))\
        """,
        text == null ? null : containing(text));
    SessionId before = query.before();
    where.and("id < ?", before == null ? null : before.value());
    String select =
        "select * from sessions" + where.sql() + " order by id desc limit " + query.limit();
    return read(
        handle ->
            where.bind(handle.createQuery(select)).map((row, context) -> session(row)).list());
  }

  @Override
  public List<TargetUse> uses(Name user, int sessions) {
    if (sessions < 1 || sessions > MAX_USES) {
      throw new IllegalArgumentException("sessions is 1 to 10000");
    }
    return read(
        handle ->
            handle
                .createQuery(USES)
                .bind("user", user.value())
                .bind("sessions", sessions)
                .map(
                    (row, context) ->
                        new TargetUse(
                            Name.of(row.getString("target")),
                            Name.of(row.getString("account")),
                            row.getLong("uses"),
                            instant(row.getLong("last_at"))))
                .list());
  }

  @Override
  public List<SessionChannel> channels(SessionId session) {
    return read(
        handle ->
            handle
                .createQuery("select * from channels where session_id = :id order by number")
                .bind("id", session.value())
                .map((row, context) -> channel(row))
                .list());
  }

  @Override
  public List<SessionChannel> channels(SessionId session, int from, int limit) {
    if (from < 0 || limit < 1 || limit > MAX_PAGE) {
      throw new IllegalArgumentException("from is 0 or more, limit is 1 to 1000");
    }
    return read(
        handle ->
            handle
                .createQuery(
                    "select * from channels where session_id = :id and number >= :from"
                        + " order by number limit :limit")
                .bind("id", session.value())
                .bind("from", from)
                .bind("limit", limit)
                .map((row, context) -> channel(row))
                .list());
  }

  @Override
  public List<FileOperation> fileOperations(SessionId session, long offset, int limit) {
    if (offset < 0 || limit < 1 || limit > MAX_PAGE) {
      throw new IllegalArgumentException("offset is 0 or more, limit is 1 to 1000");
    }
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select * from file_operations where session_id = :id
                    order by id limit :limit offset :offset
                    """)
                .bind("id", session.value())
                .bind("limit", limit)
                .bind("offset", offset)
                .map((row, context) -> fileOperation(row))
                .list());
  }

  @Override
  public List<Session> openOn(String node) {
    return read(
        handle ->
            handle
                .createQuery(
                    "select * from sessions where node = :node and ended_at is null order by id")
                .bind("node", clean(node))
                .map((row, context) -> session(row))
                .list());
  }

  private static @Nullable String value(@Nullable Name name) {
    return name == null ? null : name.value();
  }

  private static Session session(ResultSet row) throws SQLException {
    return new Session(
        new SessionId(row.getString("id")),
        Name.of(row.getString("user_name")),
        Name.of(row.getString("target")),
        Name.of(row.getString("account")),
        row.getString("login"),
        Protocol.of(row.getString("protocol")),
        Name.of(row.getString("grant_name")),
        row.getString("factors"),
        row.getString("source"),
        row.getString("client"),
        row.getString("node"),
        instant(row.getLong("started_at")),
        sessionEnd(row));
  }

  private static Session.@Nullable End sessionEnd(ResultSet row) throws SQLException {
    Long at = Columns.longOrNull(row, "ended_at");
    if (at == null) {
      return null;
    }
    String by = row.getString("ended_by");
    return new Session.End(
        instant(at),
        SessionState.of(row.getString("state")),
        new EndReason(
            EndReason.Code.of(row.getString("end_code")),
            JsonText.map(row.getString("end_parameters"))),
        by == null ? null : Name.of(by),
        row.getLong("bytes_from_client"),
        row.getLong("bytes_to_client"));
  }

  static SessionChannel channel(ResultSet row) throws SQLException {
    return new SessionChannel(
        new SessionId(row.getString("session_id")),
        row.getInt("number"),
        ChannelKind.of(row.getString("kind")),
        row.getString("subject"),
        instant(row.getLong("opened_at")),
        channelEnd(row));
  }

  private static SessionChannel.@Nullable End channelEnd(ResultSet row) throws SQLException {
    Long at = Columns.longOrNull(row, "ended_at");
    if (at == null) {
      return null;
    }
    return new SessionChannel.End(
        instant(at),
        Columns.intOrNull(row, "exit_status"),
        row.getString("exit_signal"),
        row.getLong("bytes_from_client"),
        row.getLong("bytes_to_client"),
        row.getString("sha256_from_client"),
        row.getString("sha256_to_client"),
        row.getLong("replaced"),
        row.getInt("complete") == 1);
  }

  static FileOperation fileOperation(ResultSet row) throws SQLException {
    return new FileOperation(
        new SessionId(row.getString("session_id")),
        row.getInt("channel"),
        instant(row.getLong("at")),
        row.getString("kind"),
        row.getString("path"),
        row.getString("other_path"),
        row.getString("detail"),
        row.getLong("bytes_read"),
        row.getLong("bytes_written"),
        row.getString("result"));
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
      throw new RecordUnavailableException(e.shown(), e);
    }
  }
}
