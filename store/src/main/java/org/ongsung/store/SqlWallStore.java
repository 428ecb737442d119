package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;
import static org.ongsung.store.StoredText.instant;
import static org.ongsung.store.StoredText.instantOrNull;
import static org.ongsung.store.StoredText.micros;
import static org.ongsung.store.StoredText.microsOrNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ongsung.directory.DirectoryUnavailableException;
import org.ongsung.directory.wall.Notice;
import org.ongsung.directory.wall.WallLink;
import org.ongsung.directory.wall.WallStore;
import org.ongsung.model.Name;
import org.ongsung.model.Title;

/// Stars, notices and links as tables.
final class SqlWallStore implements WallStore {
  private static final String STAR =
      """
      insert into stars (user_name, target, starred_at) values (:user, :target, :at)
      on conflict (user_name, target) do nothing
      """;

  private static final String PUT_NOTICE =
      """
      insert into notices
        (name, title, body, sticky, from_at, until_at, for_groups, changed_at, changed_by)
      values (:name, :title, :body, :sticky, :from, :until, :groups, :changedAt, :changedBy)
      on conflict (name) do update
      set title = excluded.title, body = excluded.body, sticky = excluded.sticky,
          from_at = excluded.from_at, until_at = excluded.until_at,
          for_groups = excluded.for_groups, changed_at = excluded.changed_at,
          changed_by = excluded.changed_by
      """;

  private static final String PUT_LINK =
      """
      insert into wall_links (name, title, address, remark, place, for_groups)
      values (:name, :title, :address, :remark, :place, :groups)
      on conflict (name) do update
      set title = excluded.title, address = excluded.address, remark = excluded.remark,
          place = excluded.place, for_groups = excluded.for_groups
      """;

  private final Sql sql;

  SqlWallStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public List<Name> stars(Name user) {
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select target from stars where user_name = :user order by starred_at, target
                    """)
                .bind("user", user.value())
                .map((row, context) -> Name.of(row.getString(1)))
                .list());
  }

  @Override
  public boolean star(Name user, Name target, Instant at, int most) {
    return orUnavailable(
        () ->
            sql.write(
                handle -> {
                  List<String> there =
                      handle
                          .createQuery("select target from stars where user_name = :user")
                          .bind("user", user.value())
                          .mapTo(String.class)
                          .list();
                  if (there.contains(target.value())) {
                    return true;
                  }
                  if (there.size() >= most) {
                    return false;
                  }
                  int _ =
                      handle
                          .createUpdate(STAR)
                          .bind("user", user.value())
                          .bind("target", target.value())
                          .bind("at", micros(at))
                          .execute();
                  return true;
                }));
  }

  @Override
  public void unstar(Name user, Name target) {
    int _ =
        orUnavailable(
            () ->
                sql.write(
                    handle ->
                        handle
                            .createUpdate(
                                "delete from stars where user_name = :user and target = :target")
                            .bind("user", user.value())
                            .bind("target", target.value())
                            .execute()));
  }

  @Override
  public List<Notice> notices() {
    return read(
        handle ->
            handle
                .createQuery("select * from notices order by name")
                .map((row, context) -> notice(row))
                .list());
  }

  @Override
  public Optional<Notice> notice(Name name) {
    return read(
        handle ->
            handle
                .createQuery("select * from notices where name = :name")
                .bind("name", name.value())
                .map((row, context) -> notice(row))
                .findOne());
  }

  @Override
  public void put(Notice notice) {
    int _ =
        orUnavailable(
            () ->
                sql.write(
                    handle ->
                        handle
                            .createUpdate(PUT_NOTICE)
                            .bind("name", notice.name().value())
                            .bind("title", clean(notice.title().value()))
                            .bind("body", clean(notice.text()))
                            .bind("sticky", notice.sticky() ? 1 : 0)
                            .bind("from", microsOrNull(notice.from()))
                            .bind("until", microsOrNull(notice.until()))
                            .bind("groups", names(notice.groups()))
                            .bind("changedAt", micros(notice.changedAt()))
                            .bind("changedBy", clean(notice.changedBy()))
                            .execute()));
  }

  @Override
  public boolean deleteNotice(Name name) {
    return delete("delete from notices where name = :name", name);
  }

  @Override
  public List<WallLink> links() {
    return read(
        handle ->
            handle
                .createQuery("select * from wall_links order by name")
                .map((row, context) -> link(row))
                .list());
  }

  @Override
  public Optional<WallLink> link(Name name) {
    return read(
        handle ->
            handle
                .createQuery("select * from wall_links where name = :name")
                .bind("name", name.value())
                .map((row, context) -> link(row))
                .findOne());
  }

  @Override
  public void put(WallLink link) {
    int _ =
        orUnavailable(
            () ->
                sql.write(
                    handle ->
                        handle
                            .createUpdate(PUT_LINK)
                            .bind("name", link.name().value())
                            .bind("title", clean(link.title().value()))
                            .bind("address", clean(link.address()))
                            .bind("remark", clean(link.remark().value()))
                            .bind("place", link.rank())
                            .bind("groups", names(link.groups()))
                            .execute()));
  }

  @Override
  public boolean deleteLink(Name name) {
    return delete("delete from wall_links where name = :name", name);
  }

  private boolean delete(String statement, Name name) {
    return orUnavailable(
            () ->
                sql.write(
                    handle -> handle.createUpdate(statement).bind("name", name.value()).execute()))
        == 1;
  }

  private static Notice notice(ResultSet row) throws SQLException {
    return new Notice(
        Name.of(row.getString("name")),
        new Title(row.getString("title")),
        row.getString("body"),
        row.getInt("sticky") == 1,
        instantOrNull(Columns.longOrNull(row, "from_at")),
        instantOrNull(Columns.longOrNull(row, "until_at")),
        names(row.getString("for_groups")),
        instant(row.getLong("changed_at")),
        row.getString("changed_by"));
  }

  private static WallLink link(ResultSet row) throws SQLException {
    return new WallLink(
        Name.of(row.getString("name")),
        new Title(row.getString("title")),
        row.getString("address"),
        new Title(row.getString("remark")),
        row.getInt("place"),
        names(row.getString("for_groups")));
  }

  private static String names(Collection<Name> names) {
    return JsonText.list(names.stream().map(Name::value).sorted().toList());
  }

  private static Set<Name> names(String json) {
    return JsonText.list(json).stream().map(Name::of).collect(Collectors.toSet());
  }

  private <T> T read(Sql.Unit<T> unit) {
    return orUnavailable(() -> sql.read(unit));
  }

  private static <T> T orUnavailable(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreFailure e) {
      throw new DirectoryUnavailableException(e.shown(), e);
    }
  }
}
