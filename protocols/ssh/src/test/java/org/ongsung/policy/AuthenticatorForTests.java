package org.ongsung.policy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.ongsung.directory.Directory;
import org.ongsung.model.Name;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.User;

/// Lets in the users of a directory with their keys, or with passwords given here in clear.
public final class AuthenticatorForTests implements Authenticator {
  /// What was asked, in order: `password alice`, `offer alice SHA256:…`, `key alice SHA256:…`.
  public final List<String> asked = new CopyOnWriteArrayList<>();

  /// Clear passwords by user name.
  public final Map<String, String> passwords = new ConcurrentHashMap<>();

  /// While set, everybody is blocked.
  public volatile boolean blocked;

  /// What passwords wait for.
  public volatile CountDownLatch hold = new CountDownLatch(0);

  private final Directory directory;

  public AuthenticatorForTests(Directory directory) {
    this.directory = directory;
  }

  @Override
  public LoginResult password(LoginAttempt attempt, String password) {
    asked.add("password " + attempt.claimedName());
    try {
      hold.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (blocked) {
      return new LoginResult.Blocked(Duration.ofSeconds(30));
    }
    return password.equals(passwords.get(attempt.claimedName()))
        ? accept(attempt, "password")
        : new LoginResult.Rejected();
  }

  @Override
  public boolean mayOffer(LoginAttempt attempt, SshPublicKey offered) {
    asked.add("offer " + attempt.claimedName() + " " + offered.fingerprint());
    return has(attempt, offered);
  }

  @Override
  public LoginResult provenKey(LoginAttempt attempt, SshPublicKey proven) {
    asked.add("key " + attempt.claimedName() + " " + proven.fingerprint());
    return has(attempt, proven)
        ? accept(attempt, "publickey " + proven.fingerprint())
        : new LoginResult.Rejected();
  }

  @Override
  public LoginResult session(LoginAttempt attempt, String factors) {
    return accept(attempt, factors);
  }

  @Override
  public void turnedAway(InetAddress source, String front, long connections) {
    asked.add("turned away " + source.getHostAddress() + " " + front + " " + connections);
  }

  private boolean has(LoginAttempt attempt, SshPublicKey key) {
    User user = user(attempt);
    return user != null && user.publicKeys().contains(key);
  }

  private User user(LoginAttempt attempt) {
    return Name.isValid(attempt.claimedName())
        ? directory.snapshot().user(Name.of(attempt.claimedName())).orElse(null)
        : null;
  }

  private LoginResult accept(LoginAttempt attempt, String factors) {
    User user = user(attempt);
    return user == null
        ? new LoginResult.Rejected()
        : new LoginResult.Accepted(
            new AuthenticatedUser(user, factors, attempt.source(), Instant.now()));
  }
}
