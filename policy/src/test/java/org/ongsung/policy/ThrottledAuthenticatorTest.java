package org.ongsung.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.directory.Actor;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.Role;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Title;
import org.ongsung.model.User;

class ThrottledAuthenticatorTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("203.0.113.7");
  private static final InetAddress THERE = InetAddress.ofLiteral("203.0.113.8");
  private static final SshPublicKey KEY = key(1);
  private static final SshPublicKey OTHER_KEY = key(2);
  private static PasswordHasher hasher;
  private static PasswordHash hash;

  private final MemoryDirectory directory = new MemoryDirectory();
  private final MemoryLedger events = new MemoryLedger();
  private final Ledger ledger = new Ledger(events, LedgerLimits.DEFAULT);
  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong nanos = new AtomicLong();
  private final InstantSource clock = InstantSource.fixed(Instant.EPOCH);
  private final ThrottledAuthenticator authenticator =
      new ThrottledAuthenticator(
          directory.with(
              user("alice", true, hash), user("idle", false, hash), user("keys", true, null)),
          ledger,
          hasher,
          new LoginThrottle(LoginLimits.DEFAULT, clock, nanos::get),
          clock,
          pauses::add);

  @BeforeAll
  static void hash() {
    hasher = new PasswordHasher(PasswordLimits.DEFAULT);
    hash = hasher.hash("correct horse");
  }

  @AfterAll
  static void closeHasher() {
    hasher.close();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void aPasswordProvesItsUser() {
    LoginResult result = authenticator.password(attempt("alice"), "correct horse");
    AuthenticatedUser user = ((LoginResult.Accepted) result).user();
    assertThat(user.user().name()).isEqualTo(Name.of("alice"));
    assertThat(user.factors()).isEqualTo("password");
    assertThat(user.source()).isEqualTo(HERE);
    assertThat(user.at()).isEqualTo(Instant.EPOCH);
    AuditEvent event = events.events().getFirst();
    assertThat(event.code().text()).isEqualTo("login.success");
    assertThat(event.actor()).isEqualTo("alice");
    assertThat(event.source()).isEqualTo("203.0.113.7");
    assertThat(event.details()).containsEntry("factor", "password").containsEntry("front", "ssh");
  }

  @Test
  void everyRefusalLooksTheSameAndTheLedgerSaysWhy() {
    assertThat(authenticator.password(attempt("alice"), "wrong")).isEqualTo(rejected());
    assertThat(authenticator.password(attempt("nobody"), "correct horse")).isEqualTo(rejected());
    assertThat(authenticator.password(attempt("No Name\n"), "x")).isEqualTo(rejected());
    assertThat(authenticator.password(attempt("idle"), "correct horse")).isEqualTo(rejected());
    assertThat(authenticator.password(attempt("keys"), "correct horse")).isEqualTo(rejected());
    assertThat(authenticator.provenKey(attempt("alice"), OTHER_KEY)).isEqualTo(rejected());
    assertThat(authenticator.provenKey(attempt("idle"), KEY)).isEqualTo(rejected());
    assertThat(authenticator.provenKey(attempt("nobody"), KEY)).isEqualTo(rejected());
    assertThat(events.outcomes())
        .containsExactly(
            "login.failure wrong password",
            "login.failure no such user",
            "login.failure no such user",
            "login.failure the user is not active",
            "login.failure the user has no password",
            "login.failure not a key of the user",
            "login.failure the user is not active",
            "login.failure no such user");
    assertThat(events.events().get(2).actor()).isEqualTo("No Name<U+a>");
    assertThat(events.events().toString())
        .doesNotContain("correct horse")
        .doesNotContain("wrong\"");
  }

  @Test
  void aKeyWhoseSignatureVerifiedProvesItsUser() {
    assertThat(authenticator.mayOffer(attempt("alice"), KEY)).isTrue();
    LoginResult result = authenticator.provenKey(attempt("alice"), KEY);
    assertThat(((LoginResult.Accepted) result).user().factors())
        .isEqualTo("publickey " + KEY.fingerprint());
    assertThat(events.outcomes()).containsExactly("login.success");
  }

  @Test
  void anOfferProvesNothingAndLeavesNoTrace() {
    assertThat(authenticator.mayOffer(attempt("alice"), OTHER_KEY)).isFalse();
    assertThat(authenticator.mayOffer(attempt("idle"), KEY)).isFalse();
    assertThat(authenticator.mayOffer(attempt("nobody"), KEY)).isFalse();
    assertThat(authenticator.mayOffer(attempt("not a name"), KEY)).isFalse();
    assertThat(events.events()).isEmpty();
  }

  @Test
  void aSessionIsAcceptedWhileItsUserIsActive() {
    assertThat(authenticator.session(attempt("alice"), "session"))
        .isInstanceOf(LoginResult.Accepted.class);
    assertThat(authenticator.session(attempt("idle"), "session")).isEqualTo(rejected());
    assertThat(authenticator.session(attempt("nobody"), "session")).isEqualTo(rejected());
    assertThat(events.outcomes())
        .containsExactly(
            "login.failure the user is gone or not active",
            "login.failure the user is gone or not active");
  }

  @Test
  void theTenthFailureBlocksTheAddressAndTheLedgerNamesIt() {
    for (int i = 0; i < 10; i++) {
      assertThat(authenticator.provenKey(attempt("alice"), OTHER_KEY)).isEqualTo(rejected());
    }
    AuditEvent event = events.events().getLast();
    assertThat(event.code().text()).isEqualTo("login.blocked");
    assertThat(event.details())
        .containsEntry("address", "203.0.113.7")
        .containsEntry("failures", "10")
        .containsEntry("until", "1970-01-01T00:05:00Z");
    LoginResult.Blocked blocked = new LoginResult.Blocked(Duration.ofMinutes(5));
    assertThat(authenticator.password(attempt("alice"), "correct horse")).isEqualTo(blocked);
    assertThat(authenticator.provenKey(attempt("alice"), KEY)).isEqualTo(blocked);
    assertThat(authenticator.mayOffer(attempt("alice"), KEY)).isFalse();
    assertThat(events.outcomes().getLast()).isEqualTo("login.blocked the address is blocked");
    assertThat(authenticator.password(new LoginAttempt("alice", THERE, "ssh"), "correct horse"))
        .isInstanceOf(LoginResult.Accepted.class);
    assertThat(pauses.stream().map(Duration::toMillis))
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 8_000L, 8_000L, 4_000L);
  }

  @Test
  void anAdministratorReleasesABlockAndTheLedgerSaysSo() {
    for (int i = 0; i < 10; i++) {
      authenticator.provenKey(attempt("alice"), OTHER_KEY);
    }
    assertThat(authenticator.blocks()).extracting(LoginBlock::key).containsExactly("203.0.113.7");
    Actor admin = new Actor("admin", "192.0.2.1");
    assertThat(authenticator.release(admin, "203.0.113.9")).isFalse();
    assertThat(authenticator.release(admin, "203.0.113.7")).isTrue();
    AuditEvent event = events.events().getLast();
    assertThat(event.code().text()).isEqualTo("login.released");
    assertThat(event.actor()).isEqualTo("admin");
    assertThat(event.subject()).isEqualTo("203.0.113.7");
    assertThat(authenticator.blocks()).isEmpty();
    assertThat(authenticator.password(attempt("alice"), "correct horse"))
        .isInstanceOf(LoginResult.Accepted.class);
  }

  @Test
  void manyGuessesAtOnceAreNoMoreGuesses() throws Exception {
    int rejected = 0;
    int blocked = 0;
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<LoginResult>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        results.add(callers.submit(() -> authenticator.password(attempt("alice"), "guess")));
      }
      for (Future<LoginResult> result : results) {
        rejected += result.get() instanceof LoginResult.Rejected ? 1 : 0;
        blocked += result.get() instanceof LoginResult.Blocked ? 1 : 0;
      }
    }
    assertThat(rejected + blocked).isEqualTo(40);
    assertThat(rejected)
        .isBetween(10, 10 + PasswordLimits.DEFAULT.atOnce() - 1); // those under way at the tenth
    assertThat(authenticator.blocks()).hasSize(1);
  }

  @Test
  void nobodyIsLoggedInWhenTheLedgerCannotBeWritten() {
    List<AuthenticatedUser> heard = new ArrayList<>();
    authenticator.onLogin(heard::add);
    events.failing = true;
    assertThatThrownBy(() -> authenticator.password(attempt("alice"), "correct horse"))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThatThrownBy(() -> authenticator.provenKey(attempt("alice"), KEY))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThatThrownBy(() -> authenticator.password(attempt("alice"), "wrong"))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThat(heard).isEmpty();
  }

  @Test
  void listenersHearOfLoginsAndAFailingOneHarmsNobody() {
    List<String> heard = new ArrayList<>();
    authenticator.onLogin(
        _ -> {
          throw new IllegalStateException("a listener's own fault");
        });
    authenticator.onLogin(user -> heard.add(user.factors()));
    authenticator.password(attempt("alice"), "correct horse");
    authenticator.provenKey(attempt("alice"), KEY);
    authenticator.session(attempt("alice"), "session");
    authenticator.password(attempt("alice"), "wrong");
    assertThat(heard).containsExactly("password", "publickey " + KEY.fingerprint());
  }

  @Test
  void theFirstAdminIsMadeOnceAndHeardOfAtItsFirstLogin() {
    MemoryDirectory empty = new MemoryDirectory();
    List<String> kept = new ArrayList<>();
    FirstAdmin first = new FirstAdmin(empty, hasher);
    assertThat(first.createIfNobodyIsThere(kept::add)).isTrue();
    assertThat(first.createIfNobodyIsThere(kept::add)).isFalse();
    assertThat(kept).hasSize(1).first().asString().matches("[a-zA-Z2-9]{24}");

    ThrottledAuthenticator fresh =
        new ThrottledAuthenticator(
            empty,
            ledger,
            hasher,
            new LoginThrottle(LoginLimits.DEFAULT, clock, nanos::get),
            clock,
            pauses::add);
    List<String> removed = new ArrayList<>();
    FirstAdmin.onFirstLogin(fresh, () -> removed.add("file"));
    assertThat(fresh.password(attempt("admin"), "guess")).isEqualTo(rejected());
    assertThat(removed).isEmpty();
    assertThat(fresh.password(attempt("admin"), kept.getFirst()))
        .isInstanceOf(LoginResult.Accepted.class);
    fresh.password(attempt("admin"), kept.getFirst());
    assertThat(removed).containsExactly("file");
    assertThat(empty.snapshot().activeAdmins()).hasSize(1);
  }

  private static LoginResult rejected() {
    return new LoginResult.Rejected();
  }

  private static LoginAttempt attempt(String name) {
    return new LoginAttempt(name, HERE, "ssh");
  }

  private static User user(String name, boolean active, @Nullable PasswordHash hash) {
    return new User(
        Name.of(name), Title.NONE, Set.of(Role.USER), Set.of(), active, hash, List.of(KEY));
  }

  private static SshPublicKey key(int last) {
    byte[] blob = new byte[51];
    System.arraycopy(new byte[] {0, 0, 0, 11}, 0, blob, 0, 4);
    System.arraycopy(
        "ssh-ed25519".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, blob, 4, 11);
    blob[18] = 32;
    blob[50] = (byte) last;
    return SshPublicKey.ofBlob(blob, "");
  }
}
