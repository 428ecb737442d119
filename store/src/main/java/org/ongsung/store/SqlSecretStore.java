package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.ongsung.model.Name;
import org.ongsung.vault.OwnSecret;
import org.ongsung.vault.OwnSecretStore;
import org.ongsung.vault.ResealableSecretStore;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.SecretPlace;
import org.ongsung.vault.VaultException;

/// Reads the sealed secrets of accounts, which [SqlDirectoryStore] writes, and seals them anew;
/// keeps those of the gateway's own.
final class SqlSecretStore implements ResealableSecretStore, OwnSecretStore {
  private static final String PUT_OWN =
      """
      insert into own_secrets (name, key_id, sealed) values (:name, :key, :sealed)
      on conflict (name) do update set key_id = excluded.key_id, sealed = excluded.sealed
      """;

  private final Sql sql;

  SqlSecretStore(Sql sql) {
    this.sql = sql;
  }

  private static String table(SecretPlace place) {
    return switch (place) {
      case SecretId _ -> "secrets";
      case OwnSecret _ -> "own_secrets";
    };
  }

  private static String theOne(SecretPlace place) {
    return switch (place) {
      case SecretId _ -> "target = :target and account = :account and kind = :kind";
      case OwnSecret _ -> "name = :name";
    };
  }

  private static <S extends SqlStatement<S>> S bind(S statement, SecretPlace place) {
    return switch (place) {
      case SecretId id ->
          statement
              .bind("target", id.target().value())
              .bind("account", id.account().value())
              .bind("kind", id.kind().text());
      case OwnSecret own -> statement.bind("name", own.text());
    };
  }

  @Override
  public Optional<SealedSecret> find(SecretPlace place) {
    String select = "select key_id, sealed from " + table(place) + " where " + theOne(place);
    return orUnavailable(
        () ->
            sql.read(
                handle ->
                    bind(handle.createQuery(select), place)
                        .map(
                            (row, context) ->
                                new SealedSecret(row.getString("key_id"), row.getBytes("sealed")))
                        .findOne()));
  }

  @Override
  public List<SecretPlace> list() {
    return orUnavailable(
        () ->
            sql.read(
                handle -> {
                  List<SecretPlace> places = new ArrayList<>(ofAccounts(handle));
                  places.addAll(own(handle));
                  return places;
                }));
  }

  private static List<SecretId> ofAccounts(Handle handle) {
    return handle
        .createQuery("select target, account, kind from secrets order by 1, 2, 3")
        .map(
            (row, context) ->
                new SecretId(
                    Name.of(row.getString("target")),
                    Name.of(row.getString("account")),
                    DirectoryRows.secretKind(row.getString("kind"))))
        .list();
  }

  private static List<OwnSecret> own(Handle handle) {
    return handle
        .createQuery("select name from own_secrets order by 1")
        .map((row, context) -> OwnSecret.of(row.getString("name")))
        .list();
  }

  @Override
  public boolean replace(SecretPlace place, SealedSecret from, SealedSecret to) {
    String update =
        "update "
            + table(place)
            + " set key_id = :newKey, sealed = :newSealed where "
            + theOne(place)
            + " and key_id = :oldKey and sealed = :oldSealed";
    return orUnavailable(
        () ->
            sql.write(
                    handle ->
                        bind(handle.createUpdate(update), place)
                            .bind("newKey", clean(to.keyId()))
                            .bind("newSealed", to.sealed())
                            .bind("oldKey", clean(from.keyId()))
                            .bind("oldSealed", from.sealed())
                            .execute())
                == 1);
  }

  @Override
  public void put(OwnSecret which, SealedSecret sealed) {
    int _ =
        orUnavailable(
            () ->
                sql.write(
                    handle ->
                        bind(handle.createUpdate(PUT_OWN), which)
                            .bind("key", clean(sealed.keyId()))
                            .bind("sealed", sealed.sealed())
                            .execute()));
  }

  @Override
  public boolean has(OwnSecret which) {
    return find(which).isPresent();
  }

  @Override
  public boolean remove(OwnSecret which) {
    return orUnavailable(
        () ->
            sql.write(
                    handle ->
                        bind(
                                handle.createUpdate("delete from own_secrets where name = :name"),
                                which)
                            .execute())
                == 1);
  }

  private static <T> T orUnavailable(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreFailure e) {
      throw new VaultException("the secrets cannot be reached: " + e.shown(), e);
    }
  }
}
