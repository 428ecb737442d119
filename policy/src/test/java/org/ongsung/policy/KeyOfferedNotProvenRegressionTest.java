package org.ongsung.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Title;
import org.ongsung.model.User;

/// CVE-2023-43660, CVE-2023-42818, CVE-2024-45337: a key that was only offered was taken for the
/// identity. Here an offer leaves no state behind that a later step could take for a proof; the
/// user comes from the name of this attempt and the key of this attempt alone.
class KeyOfferedNotProvenRegressionTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("203.0.113.7");
  private static final SshPublicKey ADMINS_KEY =
      SshPublicKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJEKPuHfzXHyOTwcUlNTxMRDQJDXuWRgq6sPFgbOGLCm");
  private static final SshPublicKey OWN_KEY = ownKey();

  private static SshPublicKey ownKey() {
    byte[] blob = ADMINS_KEY.blob();
    blob[blob.length - 1] ^= 1;
    return SshPublicKey.ofBlob(blob, "");
  }

  private final MemoryLedger events = new MemoryLedger();
  private final Ledger ledger = new Ledger(events, LedgerLimits.DEFAULT);
  private final PasswordHasher hasher = new PasswordHasher(PasswordLimits.DEFAULT);
  private final InstantSource clock = InstantSource.fixed(Instant.EPOCH);
  private final ThrottledAuthenticator authenticator =
      new ThrottledAuthenticator(
          new MemoryDirectory().with(user("admin", ADMINS_KEY), user("mallory", OWN_KEY)),
          ledger,
          hasher,
          new LoginThrottle(LoginLimits.DEFAULT, clock, System::nanoTime),
          clock,
          _ -> {});

  @AfterEach
  void close() {
    ledger.close();
    hasher.close();
  }

  @Test
  void offeringSomebodysKeyAndProvingOnesOwnGivesOneselfOnly() {
    assertThat(authenticator.mayOffer(attempt("admin"), ADMINS_KEY)).isTrue();
    assertThat(authenticator.provenKey(attempt("admin"), OWN_KEY))
        .isEqualTo(new LoginResult.Rejected());
    LoginResult own = authenticator.provenKey(attempt("mallory"), OWN_KEY);
    assertThat(((LoginResult.Accepted) own).user().user().name()).isEqualTo(Name.of("mallory"));
    assertThat(events.outcomes())
        .containsExactly("login.failure not a key of the user", "login.success");
  }

  @Test
  void anOfferAndAFailedPasswordGiveNothing() {
    assertThat(authenticator.mayOffer(attempt("admin"), ADMINS_KEY)).isTrue();
    assertThat(authenticator.password(attempt("admin"), "guess"))
        .isEqualTo(new LoginResult.Rejected());
    assertThat(authenticator.mayOffer(attempt("mallory"), ADMINS_KEY)).isFalse();
  }

  private static LoginAttempt attempt(String name) {
    return new LoginAttempt(name, HERE, "ssh");
  }

  private static User user(String name, SshPublicKey key) {
    return new User(
        Name.of(name), Title.NONE, Set.of(Role.USER), Set.of(), true, null, List.of(key));
  }
}
