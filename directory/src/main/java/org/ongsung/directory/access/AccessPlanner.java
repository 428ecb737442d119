package org.ongsung.directory.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ongsung.directory.Actor;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectoryRuleException;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.Passwords;
import org.ongsung.directory.Problem;
import org.ongsung.model.Account;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.User;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.Vault;
import org.ongsung.vault.VaultException;

/// Plans how to make a directory as one document says, again and again if the directory moves on
/// meanwhile; what was hashed or compared once is remembered. For one thread.
///
/// A password in clear that is the one already there changes nothing, nor does a secret that is the
/// one the vault already has (it is opened and compared in constant time); so applying a document
/// twice gives no differences.
final class AccessPlanner {
  private final Passwords passwords;
  private final Vault vault;
  private final Actor actor;
  private final AccessDocument document;
  private final boolean prune;
  private final Map<String, PasswordHash> hashes = new HashMap<>();
  private final Map<Tried, Boolean> matches = new HashMap<>();

  private record Tried(String password, PasswordHash hash) {}

  /// @param prune whether what the document does not name goes
  AccessPlanner(
      Passwords passwords, Vault vault, Actor actor, AccessDocument document, boolean prune) {
    this.passwords = passwords;
    this.vault = vault;
    this.actor = actor;
    this.document = document;
    this.prune = prune;
  }

  /// Plans for the directory as it is in `snapshot`. Hashes and opens secrets, so it takes its time
  /// the first time.
  ///
  /// @throws DirectoryRuleException when a given hash costs too much
  AccessPlan plan(DirectorySnapshot snapshot) {
    checkHashes();
    DirectoryChange.Builder change = new DirectoryChange.Builder();
    List<String> notes = new ArrayList<>();
    for (UserEntry entry : document.users()) {
      change.put(user(entry, snapshot.user(entry.name())));
    }
    document.groups().forEach(change::put);
    for (TargetEntry entry : document.targets()) {
      change.put(target(entry, snapshot.target(entry.name()), change, notes));
    }
    document.grants().forEach(change::put);
    if (prune) {
      prune(snapshot, change, notes);
    }
    return new AccessPlan(change.build(), notes);
  }

  private void checkHashes() {
    List<Problem> problems = new ArrayList<>();
    for (UserEntry user : document.users()) {
      if (user.password() instanceof Given.Hashed given) {
        try {
          passwords.checkAcceptable(given.hash());
        } catch (IllegalArgumentException e) {
          problems.add(
              Problem.of(
                  Problem.Code.HASH_TOO_COSTLY,
                  "user " + user.name() + ": " + e.getMessage(),
                  user.name()));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new DirectoryRuleException(problems);
    }
  }

  private User user(UserEntry entry, Optional<User> old) {
    return new User(
        entry.name(),
        entry.title(),
        entry.roles(),
        entry.groups(),
        entry.active(),
        password(entry.password(), old.map(User::password).orElse(null)),
        entry.publicKeys(),
        Optional.ofNullable(entry.language())
            .or(() -> old.map(User::language))
            .orElse(LanguageChoice.AUTO));
  }

  private @Nullable PasswordHash password(@Nullable Given given, @Nullable PasswordHash old) {
    return switch (given) {
      case null -> old;
      case Given.None _ -> null;
      case Given.Hashed hashed -> hashed.hash();
      case Given.Plain plain ->
          old != null
                  && matches.computeIfAbsent(
                      new Tried(plain.text(), old),
                      tried -> passwords.matches(tried.password(), tried.hash()))
              ? old
              : hashes.computeIfAbsent(plain.text(), passwords::hash);
    };
  }

  private Target target(
      TargetEntry entry, Optional<Target> old, DirectoryChange.Builder change, List<String> notes) {
    List<Account> accounts = new ArrayList<>();
    for (AccountEntry account : entry.accounts()) {
      Optional<Account> oldAccount = old.flatMap(target -> target.account(account.name()));
      Set<SecretKind> kinds = EnumSet.noneOf(SecretKind.class);
      for (SecretKind kind : SecretKind.values()) {
        boolean had = oldAccount.filter(a -> a.secrets().contains(kind)).isPresent();
        SecretId id = new SecretId(entry.name(), account.name(), kind);
        if (has(account.secret(kind), had, id, change)) {
          kinds.add(kind);
        }
      }
      if (kinds.isEmpty()) {
        notes.add(
            "account %s of target %s has neither password nor key: nobody gets in with it yet"
                .formatted(account.name(), entry.name()));
      }
      accounts.add(new Account(account.name(), account.login(), kinds));
    }
    if (entry.hostKeyPolicy() == HostKeyPolicy.PINNED && entry.hostKeys().isEmpty()) {
      notes.add("target " + entry.name() + " has no host keys: no connection to it will be made");
    }
    return new Target(
        entry.name(),
        entry.title(),
        entry.protocol(),
        entry.address(),
        entry.labels(),
        entry.hostKeyPolicy(),
        hostKeys(entry, old),
        accounts,
        entry.prompts(),
        entry.encoding());
  }

  /// What was learned stays, and what was pinned counts as learned.
  private static List<SshPublicKey> hostKeys(TargetEntry entry, Optional<Target> old) {
    if (entry.protocol() != Protocol.SSH) {
      return List.of();
    }
    return entry.hostKeyPolicy() == HostKeyPolicy.PINNED
        ? entry.hostKeys()
        : old.map(Target::hostKeys).orElse(List.of());
  }

  private boolean has(
      @Nullable Given given, boolean had, SecretId id, DirectoryChange.Builder change) {
    return switch (given) {
      case null -> had;
      case Given.Plain plain -> {
        byte[] bytes = plain.text().getBytes(StandardCharsets.UTF_8);
        if (!had || !isThere(id, bytes)) {
          try (Secret secret = new Secret(bytes)) {
            change.put(id, vault.seal(id, secret));
          }
        }
        yield true;
      }
      case Given.None _ -> false;
      case Given.Hashed _ -> throw new IllegalArgumentException("a hash is no secret for " + id);
    };
  }

  /// A secret that does not open counts as another one, so that applying the file again mends it.
  private boolean isThere(SecretId id, byte[] bytes) {
    try {
      Optional<Secret> there = vault.open(id);
      try (Secret secret = there.orElse(null)) {
        return secret != null && MessageDigest.isEqual(secret.bytes(), bytes);
      }
    } catch (VaultException e) {
      return false;
    }
  }

  private void prune(
      DirectorySnapshot snapshot, DirectoryChange.Builder change, List<String> notes) {
    Set<Name> users = named(document.users(), UserEntry::name);
    Set<Name> groups = named(document.groups(), Group::name);
    document.users().forEach(user -> groups.addAll(user.groups()));
    for (User user : snapshot.users().values()) {
      if (users.contains(user.name())) {
        continue;
      }
      Optional<String> reason = reasonToKeep(user, snapshot, users);
      if (reason.isPresent()) {
        notes.add("user " + user.name() + " is kept: " + reason.get());
        groups.addAll(user.groups());
      } else {
        change.deleteUser(user.name());
      }
    }
    missing(snapshot.groups().keySet(), groups).forEach(change::deleteGroup);
    missing(snapshot.targets().keySet(), named(document.targets(), TargetEntry::name))
        .forEach(change::deleteTarget);
    missing(snapshot.grants().keySet(), named(document.grants(), Grant::name))
        .forEach(change::deleteGrant);
  }

  private Optional<String> reasonToKeep(User user, DirectorySnapshot snapshot, Set<Name> named) {
    if (user.name().value().equals(actor.name())) {
      return Optional.of("it is you");
    }
    boolean adminNamed =
        document.users().stream().anyMatch(u -> u.active() && u.roles().contains(Role.ADMIN));
    boolean actorStays =
        snapshot.activeAdmins().stream()
            .anyMatch(
                admin ->
                    admin.name().value().equals(actor.name()) && !named.contains(admin.name()));
    boolean isAdmin = user.active() && user.has(Role.ADMIN);
    return isAdmin && !adminNamed && !actorStays
        ? Optional.of("nobody else would be an active admin")
        : Optional.empty();
  }

  private static Set<Name> missing(Set<Name> there, Set<Name> named) {
    return there.stream().filter(name -> !named.contains(name)).collect(Collectors.toSet());
  }

  private static <T> Set<Name> named(List<T> entries, Function<T, Name> name) {
    return entries.stream().map(name).collect(Collectors.toCollection(HashSet::new));
  }
}
