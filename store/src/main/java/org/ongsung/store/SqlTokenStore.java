package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;
import static org.ongsung.store.StoredText.instant;
import static org.ongsung.store.StoredText.instantOrNull;
import static org.ongsung.store.StoredText.micros;
import static org.ongsung.store.StoredText.microsOrNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;
import org.ongsung.policy.AccessToken;
import org.ongsung.policy.TokenStore;
import org.ongsung.policy.TokensUnavailableException;

/// Access tokens as a table; of each it knows the digest alone.
final class SqlTokenStore implements TokenStore {
  private static final String INSERT =
      """
      insert into access_tokens
        (id, sha256, user_name, purpose, label, factors, source, created_at, expires_at,
         last_used_at, csrf_secret)
      values (:id, :sha256, :user, :purpose, :label, :factors, :source, :createdAt, :expiresAt,
              :lastUsedAt, :csrfSecret)
      """;

  private final Sql sql;
  private final GroupedLookup<AccessToken> byDigest;

  SqlTokenStore(Sql sql, StoreLimits limits) {
    this.sql = sql;
    this.byDigest =
        GroupedLookup.of(
            sql,
            limits,
            "select * from access_tokens where sha256 in",
            "sha256",
            SqlTokenStore::token);
  }

  @Override
  public void create(AccessToken token) {
    Name user = token.user();
    var _ =
        write(
            handle ->
                handle
                    .createUpdate(INSERT)
                    .bind("id", clean(token.id()))
                    .bind("sha256", token.sha256())
                    .bind("user", user == null ? null : user.value())
                    .bind("purpose", token.purpose().text())
                    .bind("label", clean(token.label()))
                    .bind("factors", clean(token.factors()))
                    .bind("source", clean(token.source()))
                    .bind("createdAt", micros(token.createdAt()))
                    .bind("expiresAt", microsOrNull(token.expiresAt()))
                    .bind("lastUsedAt", microsOrNull(token.lastUsedAt()))
                    .bind("csrfSecret", clean(token.csrfSecret()))
                    .execute());
  }

  @Override
  public Optional<AccessToken> find(String sha256) {
    return orUnavailable(() -> byDigest.find(sha256));
  }

  @Override
  public List<AccessToken> list(@Nullable Name user) {
    return tokens(
        user == null
            ? new Conditions().and("user_name is null", "")
            : new Conditions().and("user_name = ?", user.value()));
  }

  @Override
  public List<AccessToken> listAll() {
    return tokens(new Conditions());
  }

  private List<AccessToken> tokens(Conditions where) {
    String select = "select * from access_tokens" + where.sql() + " order by created_at desc, id";
    return orUnavailable(
        () ->
            sql.read(
                handle ->
                    where
                        .bind(handle.createQuery(select))
                        .map((row, context) -> token(row))
                        .list()));
  }

  @Override
  public void used(String id, Instant at) {
    var _ =
        write(
            handle ->
                handle
                    .createUpdate(
                        """
                        update access_tokens set last_used_at = :at
                        where id = :id and (last_used_at is null or last_used_at < :at)
                        """)
                    .bind("id", id)
                    .bind("at", micros(at))
                    .execute());
  }

  @Override
  public boolean delete(String id) {
    return write(
            handle ->
                handle
                    .createUpdate("delete from access_tokens where id = :id")
                    .bind("id", clean(id))
                    .execute())
        == 1;
  }

  @Override
  public int deleteAll(Name user, @Nullable String exceptId) {
    return write(
        handle ->
            handle
                .createUpdate("delete from access_tokens where user_name = :user and id <> :except")
                .bind("user", user.value())
                .bind("except", exceptId == null ? "" : clean(exceptId)) // no id is empty
                .execute());
  }

  @Override
  public int purgeExpired(Instant now) {
    return write(
        handle ->
            handle
                .createUpdate("delete from access_tokens where expires_at <= :now")
                .bind("now", micros(now))
                .execute());
  }

  private int write(Sql.Unit<Integer> unit) {
    return orUnavailable(() -> sql.write(unit));
  }

  private static <T> T orUnavailable(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreFailure e) {
      throw new TokensUnavailableException(e.shown(), e);
    }
  }

  private static AccessToken token(ResultSet row) throws SQLException {
    String user = row.getString("user_name");
    return new AccessToken(
        row.getString("id"),
        row.getString("sha256"),
        user == null ? null : Name.of(user),
        AccessToken.Purpose.of(row.getString("purpose")),
        row.getString("label"),
        row.getString("factors"),
        row.getString("source"),
        instant(row.getLong("created_at")),
        instantOrNull(Columns.longOrNull(row, "expires_at")),
        instantOrNull(Columns.longOrNull(row, "last_used_at")),
        row.getString("csrf_secret"));
  }
}
