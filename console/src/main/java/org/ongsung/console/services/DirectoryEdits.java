package org.ongsung.console.services;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.directory.Actor;
import org.ongsung.directory.Difference;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.Passwords;
import org.ongsung.directory.access.AccessApplication;
import org.ongsung.directory.access.AccessDocument;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessExporter;
import org.ongsung.directory.access.AccessResult;
import org.ongsung.directory.access.AccessTree;
import org.ongsung.model.Account;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.User;
import org.ongsung.policy.LoginResult;
import org.ongsung.vault.SecretId;

/// Changes the directory for the API and the pages alike. An entry has the shape of the access
/// file, so that there is one reader and one set of rules for files, API and forms. The directory
/// puts each change into the ledger.
public final class DirectoryEdits {
  private static final int MIN_PASSWORD_CHARACTERS = 8;

  private final Directory directory;
  private final AccessApplication access;
  private final Passwords passwords;
  private final Logins logins;

  public DirectoryEdits(ConsoleServices services, Logins logins) {
    this.directory = services.directory();
    this.access = services.access();
    this.passwords = services.passwords();
    this.logins = logins;
  }

  /// The directory as it is now.
  public DirectorySnapshot snapshot() {
    return directory.snapshot();
  }

  /// Who changes, for the ledger.
  public static Actor actor(Caller caller) {
    return new Actor(caller.name(), caller.sourceText());
  }

  /// Applies a whole document.
  ///
  /// @throws HttpProblem 422 naming every problem of the document
  public AccessResult apply(Caller caller, Object document, boolean prune, boolean dryRun) {
    try {
      AccessDocument read = AccessTree.read(document);
      return dryRun
          ? access.preview(actor(caller), read, prune)
          : ended(caller, access.apply(actor(caller), read, prune));
    } catch (AccessDocumentException e) {
      throw unreadable(e);
    }
  }

  /// Writes one entry as `tree` says: new, or over the old one; secrets that it does not mention
  /// stay.
  public AccessResult put(Caller caller, Difference.Kind kind, Name name, Object tree) {
    try {
      AccessDocument document =
          switch (kind) {
            case USER -> AccessDocument.of(AccessTree.readUser(name, tree));
            case GROUP -> AccessDocument.of(AccessTree.readGroup(name, tree));
            case TARGET -> AccessDocument.of(AccessTree.readTarget(name, tree));
            case GRANT -> AccessDocument.of(AccessTree.readGrant(name, tree));
          };
      return ended(caller, access.apply(actor(caller), document, false));
    } catch (AccessDocumentException e) {
      throw unreadable(e);
    }
  }

  /// Whoever has a new password, or is gone, is logged out everywhere, but for the caller's own
  /// login.
  private AccessResult ended(Caller caller, AccessResult result) {
    for (Difference difference : result.differences()) {
      boolean ends =
          difference.action() == Difference.Action.DELETE
              || difference.changes().stream().anyMatch(c -> c.field().equals("password"));
      if (difference.kind() == Difference.Kind.USER && ends) {
        Name name = difference.name();
        logins.endOthers(name, caller.is(name) ? caller.tokenId() : null);
      }
    }
    return result;
  }

  private static HttpProblem unreadable(AccessDocumentException e) {
    return HttpProblem.ruleBroken(e.problems());
  }

  /// The entry in the shape of the access file, without secrets.
  ///
  /// @throws HttpProblem 404 when there is none
  public Map<String, Object> tree(Difference.Kind kind, Name name) {
    DirectorySnapshot now = directory.snapshot();
    Optional<Map<String, Object>> tree =
        switch (kind) {
          case USER -> now.user(name).map(AccessExporter::export).map(AccessTree::write);
          case GROUP -> now.group(name).map(AccessTree::write);
          case TARGET -> now.target(name).map(AccessExporter::export).map(AccessTree::write);
          case GRANT -> now.grant(name).map(AccessTree::write);
        };
    return tree.orElseThrow(HttpProblem::notFound);
  }

  /// Removes an entry, and with a user their tokens.
  ///
  /// @throws HttpProblem 404 when there is none
  public void delete(Caller caller, Difference.Kind kind, Name name) {
    tree(kind, name);
    directory.change(actor(caller), now -> deletion(now, kind, name));
    if (kind == Difference.Kind.USER) {
      logins.endOthers(name, null);
    }
  }

  private static DirectoryChange deletion(DirectorySnapshot now, Difference.Kind kind, Name name) {
    DirectoryChange.Builder change = new DirectoryChange.Builder();
    switch (kind) {
      case USER -> change.deleteUser(name);
      case GROUP -> change.deleteGroup(name);
      case GRANT -> change.deleteGrant(name);
      case TARGET -> {
        change.deleteTarget(name);
        now.target(name).ifPresent(target -> deleteSecrets(change, target));
      }
    }
    return change.build();
  }

  private static void deleteSecrets(DirectoryChange.Builder change, Target target) {
    for (Account account : target.accounts()) {
      for (SecretKind kind : account.secrets()) {
        change.deleteSecret(new SecretId(target.name(), account.name(), kind));
      }
    }
  }

  /// Gives a user a new password and ends their other sessions and tokens.
  public void setPassword(Caller caller, Name name, String password) {
    if (directory.snapshot().user(name).isEmpty()) {
      throw HttpProblem.notFound();
    }
    PasswordHash hash = hash(password);
    directory.change(
        actor(caller),
        now ->
            new DirectoryChange.Builder()
                .put(now.user(name).orElseThrow(HttpProblem::notFound).withPassword(hash))
                .build());
    logins.endOthers(name, caller.is(name) ? caller.tokenId() : null);
  }

  /// Gives the caller a new password, if they know the current one.
  public void changeOwnPassword(Caller caller, String current, String password, String front) {
    setPassword(caller, proven(caller, current, front), password);
  }

  /// The caller, who knows their password: for what outlasts the login that asks for it.
  private Name proven(Caller caller, String current, String front) {
    Name name =
        caller
            .userName()
            .orElseThrow(
                () ->
                    new HttpProblem(
                        409,
                        "no-password",
                        "the owner of the data folder has no password; name a user"));
    return switch (logins.check(name.value(), current, caller.source(), front)) {
      case LoginResult.Accepted _ -> name;
      case LoginResult.Rejected _ ->
          throw new HttpProblem(403, "wrong-password", "the current password is not right");
      case LoginResult.Blocked blocked -> throw Logins.blocked(blocked);
    };
  }

  /// Keeps the language that the caller wants to be spoken to in.
  ///
  /// @throws HttpProblem 409 for the owner of the data folder, who is nobody in the directory
  public void chooseLanguage(Caller caller, LanguageChoice language) {
    Name name =
        caller
            .userName()
            .orElseThrow(
                () ->
                    new HttpProblem(
                        409,
                        "no-language",
                        "no language is kept for the owner of the data folder"));
    directory.change(
        actor(caller),
        now -> {
          User user = now.user(name).orElseThrow(HttpProblem::notFound);
          return user.language() == language
              ? new DirectoryChange.Builder().build()
              : new DirectoryChange.Builder().put(user.withLanguage(language)).build();
        });
  }

  /// The caller's own public keys; none for the owner of the data folder.
  public List<SshPublicKey> ownKeys(Caller caller) {
    return caller
        .userName()
        .flatMap(name -> directory.snapshot().user(name))
        .map(User::publicKeys)
        .orElse(List.of());
  }

  /// Gives the caller one more public key, if they know their password: a key outlasts a login.
  public void addOwnKey(Caller caller, String current, String line, String front) {
    SshPublicKey key;
    try {
      key = SshPublicKey.parse(line.strip());
    } catch (IllegalArgumentException e) {
      throw new HttpProblem(422, "bad-key", "a public key is like ssh-ed25519 AAAA… comment");
    }
    Name name = proven(caller, current, front);
    directory.change(
        actor(caller),
        now -> {
          User user = now.user(name).orElseThrow(HttpProblem::notFound);
          List<SshPublicKey> keys = new ArrayList<>(user.publicKeys());
          if (keys.stream().anyMatch(one -> one.fingerprint().equals(key.fingerprint()))) {
            return new DirectoryChange.Builder().build();
          }
          if (keys.size() == User.MAX_PUBLIC_KEYS) {
            throw new HttpProblem(422, "too-many-keys", "a user has at most 50 public keys");
          }
          keys.add(key);
          return new DirectoryChange.Builder().put(user.withPublicKeys(keys)).build();
        });
  }

  /// Takes one of the caller's own public keys away.
  ///
  /// @throws HttpProblem 404 when it is not theirs
  public void removeOwnKey(Caller caller, Predicate<SshPublicKey> which) {
    Name name = caller.userName().orElseThrow(HttpProblem::notFound);
    directory.change(
        actor(caller),
        now -> {
          User user = now.user(name).orElseThrow(HttpProblem::notFound);
          List<SshPublicKey> kept = user.publicKeys().stream().filter(which.negate()).toList();
          if (kept.size() == user.publicKeys().size()) {
            throw HttpProblem.notFound();
          }
          return new DirectoryChange.Builder().put(user.withPublicKeys(kept)).build();
        });
  }

  private PasswordHash hash(String password) {
    int length = password.codePointCount(0, password.length());
    if (length < MIN_PASSWORD_CHARACTERS || password.length() > Passwords.MAX_CHARACTERS) {
      throw new HttpProblem(422, "bad-password", "a password has 8 to 1024 characters");
    }
    return passwords.hash(password);
  }
}
