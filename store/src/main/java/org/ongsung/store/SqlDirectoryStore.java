package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.DirectoryStore;
import org.ongsung.directory.DirectoryUnavailableException;
import org.ongsung.directory.StaleDirectoryException;
import org.ongsung.model.Account;
import org.ongsung.model.Name;
import org.ongsung.model.Target;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.SecretId;

/// The directory as one row per entry, and its version, which every change raises by one.
final class SqlDirectoryStore implements DirectoryStore {
  private static final String RAISE_VERSION =
      "update directory_version set version = version + 1 where id = 1 and version = :expected";

  private static final String PUT_SECRET =
      """
      insert into secrets (target, account, kind, key_id, sealed)
      values (:target, :account, :kind, :keyId, :sealed)
      on conflict (target, account, kind) do update
      set key_id = excluded.key_id, sealed = excluded.sealed
      """;

  private final Sql sql;

  SqlDirectoryStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public DirectorySnapshot load() {
    return orUnavailable(() -> sql.readConsistently(SqlDirectoryStore::load));
  }

  private static DirectorySnapshot load(Handle handle) {
    Map<Name, Map<Name, Set<String>>> secrets = DirectoryRows.secretKinds(handle);
    return new DirectorySnapshot(
        version(handle),
        handle
            .createQuery("select * from users")
            .map((row, context) -> DirectoryRows.user(row))
            .list(),
        handle
            .createQuery("select * from user_groups")
            .map((row, context) -> DirectoryRows.group(row))
            .list(),
        handle
            .createQuery("select * from targets")
            .map((row, context) -> DirectoryRows.target(row, secrets))
            .list(),
        handle
            .createQuery("select * from grants")
            .map((row, context) -> DirectoryRows.grant(row))
            .list());
  }

  @Override
  public long version() {
    return orUnavailable(() -> sql.read(SqlDirectoryStore::version));
  }

  private static long version(Handle handle) {
    return handle
        .createQuery("select version from directory_version where id = 1")
        .mapTo(Long.class)
        .one();
  }

  @Override
  public long save(long expectedVersion, DirectoryChange change) {
    return orUnavailable(() -> sql.write(handle -> save(handle, expectedVersion, change)));
  }

  private static long save(Handle handle, long expected, DirectoryChange change) {
    // First of all: it locks out every other change until the commit.
    int raised = handle.createUpdate(RAISE_VERSION).bind("expected", expected).execute();
    if (raised != 1) {
      throw new StaleDirectoryException(expected);
    }
    delete(handle, "grants", change.deletedGrants());
    delete(handle, "targets", change.deletedTargets()); // and their secrets, by cascade
    delete(handle, "user_groups", change.deletedGroups());
    delete(handle, "users", change.deletedUsers());
    deleteSecrets(handle, change.deletedSecrets());
    DirectoryRows.putGroups(handle, change.groups());
    DirectoryRows.putUsers(handle, change.users());
    DirectoryRows.putTargets(handle, change.targets());
    DirectoryRows.putGrants(handle, change.grants());
    change.targets().forEach(target -> deleteOrphans(handle, target));
    putSecrets(handle, change.secrets());
    return expected + 1;
  }

  private static void delete(Handle handle, String table, Set<Name> names) {
    if (names.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch("delete from " + table + " where name = :name");
    names.forEach(name -> batch.bind("name", name.value()).add());
    batch.execute();
  }

  private static void deleteSecrets(Handle handle, Set<SecretId> ids) {
    if (ids.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "delete from secrets where target = :target and account = :account and kind = :kind");
    for (SecretId id : ids) {
      batch
          .bind("target", id.target().value())
          .bind("account", id.account().value())
          .bind("kind", id.kind().text())
          .add();
    }
    batch.execute();
  }

  /// Removes secrets of accounts that `target` has no more.
  private static void deleteOrphans(Handle handle, Target target) {
    Set<String> orphans =
        new HashSet<>(
            handle
                .createQuery("select distinct account from secrets where target = :target")
                .bind("target", target.name().value())
                .mapTo(String.class)
                .list());
    List<String> kept = target.accounts().stream().map(Account::name).map(Name::value).toList();
    kept.forEach(orphans::remove);
    for (String orphan : orphans) {
      handle
          .createUpdate("delete from secrets where target = :target and account = :account")
          .bind("target", target.name().value())
          .bind("account", orphan)
          .execute();
    }
  }

  private static void putSecrets(Handle handle, Map<SecretId, SealedSecret> secrets) {
    if (secrets.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(PUT_SECRET);
    secrets.forEach(
        (id, secret) ->
            batch
                .bind("target", id.target().value())
                .bind("account", id.account().value())
                .bind("kind", id.kind().text())
                .bind("keyId", clean(secret.keyId()))
                .bind("sealed", secret.sealed())
                .add());
    batch.execute();
  }

  private static <T> T orUnavailable(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreFailure e) {
      throw new DirectoryUnavailableException(e.shown(), e);
    }
  }
}
