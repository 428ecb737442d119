package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ongsung.model.Name;
import org.ongsung.vault.ResealableSecretStore;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.VaultException;

/// Reads the sealed secrets that [SqlDirectoryStore] writes, and seals them anew.
final class SqlSecretStore implements ResealableSecretStore {
  private static final String THE_ONE = "target = :target and account = :account and kind = :kind";

  private final Sql sql;

  SqlSecretStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Optional<SealedSecret> find(SecretId id) {
    return orUnavailable(
        () ->
            sql.read(
                handle ->
                    handle
                        .createQuery("select key_id, sealed from secrets where " + THE_ONE)
                        .bind("target", id.target().value())
                        .bind("account", id.account().value())
                        .bind("kind", id.kind().text())
                        .map(
                            (row, context) ->
                                new SealedSecret(row.getString("key_id"), row.getBytes("sealed")))
                        .findOne()));
  }

  @Override
  public List<SecretId> list() {
    return orUnavailable(
        () ->
            sql.read(
                handle ->
                    handle
                        .createQuery("select target, account, kind from secrets order by 1, 2, 3")
                        .map(
                            (row, context) ->
                                new SecretId(
                                    Name.of(row.getString("target")),
                                    Name.of(row.getString("account")),
                                    DirectoryRows.secretKind(row.getString("kind"))))
                        .list()));
  }

  @Override
  public boolean replace(SecretId id, SealedSecret from, SealedSecret to) {
    return orUnavailable(
        () ->
            sql.write(
                    handle ->
                        handle
                            .createUpdate(
                                "update secrets set key_id = :newKey, sealed = :newSealed where "
                                    + THE_ONE
                                    + " and key_id = :oldKey and sealed = :oldSealed")
                            .bind("target", id.target().value())
                            .bind("account", id.account().value())
                            .bind("kind", id.kind().text())
                            .bind("newKey", clean(to.keyId()))
                            .bind("newSealed", to.sealed())
                            .bind("oldKey", clean(from.keyId()))
                            .bind("oldSealed", from.sealed())
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
