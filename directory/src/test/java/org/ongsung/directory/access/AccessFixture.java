package org.ongsung.directory.access;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.audit.LedgerStore;
import org.ongsung.directory.Actor;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectoryLimits;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.DirectoryStore;
import org.ongsung.directory.StaleDirectoryException;
import org.ongsung.directory.StoredDirectory;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.Title;
import org.ongsung.model.User;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.SecretPlace;
import org.ongsung.vault.Vault;
import org.ongsung.vault.VaultException;

/// A stored directory over memory, with one admin, `root`.
final class AccessFixture implements DirectoryStore, LedgerStore, Vault, AutoCloseable {
  static final Actor ACTOR = new Actor("root", "192.0.2.1");

  final PlainPasswords passwords = new PlainPasswords();
  final Map<SecretId, SealedSecret> secrets = new HashMap<>();
  final List<AuditEvent> events = new ArrayList<>();
  final StoredDirectory directory;
  final AccessApplication application;
  boolean vaultBroken;
  private final Ledger ledger = new Ledger(this, LedgerLimits.DEFAULT);
  private DirectorySnapshot snapshot = DirectorySnapshot.empty();

  AccessFixture() {
    directory =
        new StoredDirectory(
            this, ledger, InstantSource.fixed(Instant.EPOCH), DirectoryLimits.DEFAULT);
    application = new AccessApplication(directory, DirectoryLimits.DEFAULT, passwords, this);
    User root =
        new User(Name.of("root"), Title.NONE, Set.of(Role.ADMIN), Set.of(), true, null, List.of());
    directory.change(Actor.SYSTEM, _ -> new DirectoryChange.Builder().put(root).build());
  }

  String secret(String target, String account, org.ongsung.model.SecretKind kind) {
    SealedSecret found = secrets.get(new SecretId(Name.of(target), Name.of(account), kind));
    return found == null ? "" : new String(found.sealed(), StandardCharsets.UTF_8);
  }

  @Override
  public synchronized DirectorySnapshot load() {
    return snapshot;
  }

  @Override
  public synchronized long version() {
    return snapshot.version();
  }

  @Override
  public synchronized long save(long expectedVersion, DirectoryChange change) {
    if (expectedVersion != snapshot.version()) {
      throw new StaleDirectoryException(expectedVersion);
    }
    snapshot = snapshot.after(change, expectedVersion + 1);
    secrets.putAll(change.secrets());
    change.deletedSecrets().forEach(secrets::remove);
    return snapshot.version();
  }

  @Override
  public synchronized long append(List<AuditEvent> more) {
    events.addAll(more);
    return events.size() - more.size() + 1L;
  }

  @Override
  public List<LedgerEntry> find(LedgerQuery query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SealedSecret seal(SecretPlace id, Secret secret) {
    return new SealedSecret("k", secret.bytes());
  }

  @Override
  public Optional<Secret> open(SecretPlace id) {
    if (vaultBroken) {
      throw new VaultException("does not open");
    }
    return Optional.ofNullable(secrets.get(id)).map(found -> new Secret(found.sealed()));
  }

  @Override
  public void close() {
    directory.close();
    ledger.close();
  }
}
