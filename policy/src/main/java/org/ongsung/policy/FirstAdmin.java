package org.ongsung.policy;

import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.ongsung.directory.Actor;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.model.Name;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.Role;
import org.ongsung.model.Title;
import org.ongsung.model.User;

/// The first user of a new directory: `admin`, with a random password that is told once.
public final class FirstAdmin {
  /// Its name.
  public static final Name NAME = Name.of("admin");

  /// Letters and digits that are not taken for each other: 24 of these 55 are 138 bits.
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  private static final int CHARACTERS = 24;

  private final Directory directory;
  private final PasswordHasher hasher;

  public FirstAdmin(Directory directory, PasswordHasher hasher) {
    this.directory = directory;
    this.hasher = hasher;
  }

  /// Creates the user if the directory has no users at all.
  ///
  /// @param keep is given the password before the user is made, so that a crash in between leaves a
  ///   password without a user, which the next start replaces, and never a user whose password
  ///   nobody knows
  /// @return whether it was created
  public boolean createIfNobodyIsThere(Consumer<String> keep) {
    if (!directory.snapshot().users().isEmpty()) {
      return false;
    }
    String password = randomPassword();
    PasswordHash hash = hasher.hash(password);
    keep.accept(password);
    AtomicBoolean created = new AtomicBoolean();
    directory.change(
        Actor.SYSTEM,
        snapshot -> {
          DirectoryChange.Builder change = new DirectoryChange.Builder();
          created.set(snapshot.users().isEmpty());
          if (created.get()) {
            change.put(
                new User(NAME, Title.NONE, Set.of(Role.ADMIN), Set.of(), true, hash, List.of()));
          }
          return change.build();
        });
    return created.get();
  }

  /// Runs `then` once, after the first login of `admin` from now on; for the file with the password
  /// to go.
  public static void onFirstLogin(ThrottledAuthenticator authenticator, Runnable then) {
    AtomicBoolean done = new AtomicBoolean();
    authenticator.onLogin(
        user -> {
          if (user.user().name().equals(NAME) && done.compareAndSet(false, true)) {
            then.run();
          }
        });
  }

  private static String randomPassword() {
    SecureRandom random = new SecureRandom();
    StringBuilder password = new StringBuilder(CHARACTERS);
    for (int i = 0; i < CHARACTERS; i++) {
      password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return password.toString();
  }
}
