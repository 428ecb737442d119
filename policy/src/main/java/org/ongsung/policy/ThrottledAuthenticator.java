package org.ongsung.policy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.directory.Actor;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.Shown;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.User;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place where people prove who they are: against the directory, slowed by the
/// [LoginThrottle], with each outcome durable in the ledger before it is told.
///
/// A name that is unknown, inactive or has no password goes the same way as any other and takes as
/// long; only the ledger says which it was.
public final class ThrottledAuthenticator implements Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(ThrottledAuthenticator.class);
  private static final int MAX_SHOWN_CHARACTERS = 100;
  private static final Duration BUSY_RETRY = Duration.ofSeconds(5);

  private final Directory directory;
  private final Ledger ledger;
  private final PasswordHasher hasher;
  private final LoginThrottle throttle;
  private final InstantSource clock;
  private final Pause pause;
  private final Decoys decoys;
  private final List<Consumer<AuthenticatedUser>> loginListeners = new CopyOnWriteArrayList<>();

  public ThrottledAuthenticator(
      Directory directory,
      Ledger ledger,
      PasswordHasher hasher,
      LoginThrottle throttle,
      InstantSource clock) {
    this(directory, ledger, hasher, throttle, clock, Pause.SLEEP);
  }

  ThrottledAuthenticator(
      Directory directory,
      Ledger ledger,
      PasswordHasher hasher,
      LoginThrottle throttle,
      InstantSource clock,
      Pause pause) {
    this.directory = directory;
    this.ledger = ledger;
    this.hasher = hasher;
    this.throttle = throttle;
    this.clock = clock;
    this.pause = pause;
    this.decoys = new Decoys(hasher.decoy());
  }

  /// Calls `listener` after each login by password or key, on the thread of the login; what it
  /// throws is logged and changes nothing.
  public void onLogin(Consumer<AuthenticatedUser> listener) {
    loginListeners.add(listener);
  }

  @Override
  public LoginResult password(LoginAttempt attempt, String password) {
    LoginResult.Blocked blocked = admit(attempt);
    if (blocked != null) {
      return blocked;
    }
    DirectorySnapshot snapshot = directory.snapshot();
    User user = find(snapshot, attempt.claimedName()).orElse(null);
    PasswordHash hash = user == null ? null : user.password();
    Optional<Checked> checked;
    try {
      checked =
          hasher.matches(
              password,
              hash == null ? decoys.decoy(snapshot, attempt.claimedName()) : hash,
              () -> !throttle.isBlocked(attempt.source()),
              matches -> judge(attempt, user, matches));
    } catch (PasswordsBusyException e) {
      tell(AuditCode.LOGIN_BLOCKED, attempt, Map.of("reason", "too many passwords to check"));
      return new LoginResult.Blocked(BUSY_RETRY, true);
    }
    if (checked.isEmpty()) {
      return turnedAway(attempt); // others from there failed while this one waited
    }
    String failure = checked.get().failure();
    return user == null || failure != null
        ? rejected(attempt, "password", String.valueOf(failure), checked.get().block())
        : accepted(attempt, user, "password");
  }

  /// What came of checking a password.
  ///
  /// @param failure why it was no good, or null
  /// @param block the block that the failure brought about
  private record Checked(@Nullable String failure, Optional<LoginBlock> block) {}

  /// Counts a failure in the turn of its own check, so that however many attempts wait at once, no
  /// more of them are checked than the throttle gives them.
  private Checked judge(LoginAttempt attempt, @Nullable User user, boolean matches) {
    String failure = null;
    if (user == null) {
      failure = "no such user";
    } else if (user.password() == null) {
      failure = "the user has no password";
    } else if (!matches) {
      failure = "wrong password";
    } else if (!isActiveStill(user)) {
      failure = "the user is not active";
    }
    return new Checked(
        failure,
        failure == null
            ? Optional.empty()
            : throttle.failed(attempt.source(), attempt.claimedName()));
  }

  @Override
  public boolean mayOffer(LoginAttempt attempt, SshPublicKey offered) {
    return !throttle.isBlocked(attempt.source())
        && find(directory.snapshot(), attempt.claimedName())
            .filter(user -> user.active() && user.publicKeys().contains(offered))
            .isPresent();
  }

  @Override
  public LoginResult provenKey(LoginAttempt attempt, SshPublicKey proven) {
    LoginResult.Blocked blocked = admit(attempt);
    if (blocked != null) {
      return blocked;
    }
    String factor = "publickey " + proven.fingerprint();
    User user = find(directory.snapshot(), attempt.claimedName()).orElse(null);
    if (user == null) {
      return rejected(attempt, factor, "no such user");
    } else if (!user.publicKeys().contains(proven)) {
      return rejected(attempt, factor, "not a key of the user");
    } else if (!user.active()) {
      return rejected(attempt, factor, "the user is not active");
    }
    return accepted(attempt, user, factor);
  }

  @Override
  public LoginResult session(LoginAttempt attempt, String factors) {
    User user = find(directory.snapshot(), attempt.claimedName()).filter(User::active).orElse(null);
    if (user == null) {
      tell(
          AuditCode.LOGIN_FAILURE,
          attempt,
          Map.of("factor", factors, "reason", "the user is gone or not active"));
      return new LoginResult.Rejected();
    }
    return new LoginResult.Accepted(proven(attempt, user, factors));
  }

  @Override
  public void turnedAway(InetAddress source, String front, long connections) {
    String address = source.getHostAddress();
    ledger.append(
        new AuditEvent(
            clock.instant(),
            AuditCode.LOGIN_BLOCKED,
            AuditEvent.SYSTEM,
            address,
            null,
            address,
            Map.of(
                "reason",
                "too many connections that have not logged in",
                "attempts",
                String.valueOf(connections),
                "front",
                front)));
  }

  /// The addresses that are blocked now.
  public List<LoginBlock> blocks() {
    return throttle.blocks();
  }

  /// Lets a blocked address try again at once; in the ledger before it can.
  ///
  /// @param key as [LoginBlock#key] gives it
  /// @return whether it was blocked
  public boolean release(Actor actor, String key) {
    LoginBlock block =
        throttle.blocks().stream().filter(b -> b.key().equals(key)).findFirst().orElse(null);
    if (block == null) {
      return false;
    }
    ledger.append(
        new AuditEvent(
            clock.instant(),
            AuditCode.LOGIN_RELEASED,
            actor.name(),
            actor.source(),
            null,
            block.address(),
            Map.of(
                "failures", String.valueOf(block.failures()),
                "turnedAway", String.valueOf(block.turnedAway()),
                "until", block.until().toString())));
    return throttle.release(key).isPresent();
  }

  private LoginResult turnedAway(LoginAttempt attempt) {
    LoginResult.Blocked blocked = admit(attempt);
    return blocked == null ? new LoginResult.Rejected() : blocked; // the block ended just now
  }

  /// Null when the attempt may be looked at, after its pause.
  private LoginResult.@Nullable Blocked admit(LoginAttempt attempt) {
    return switch (throttle.admit(attempt.source(), attempt.claimedName())) {
      case LoginThrottle.Admission.Stop stop -> {
        if (stop.untold() > 0) {
          tell(
              AuditCode.LOGIN_BLOCKED,
              attempt,
              Map.of(
                  "reason", "the address is blocked",
                  "address", stop.address(),
                  "attempts", String.valueOf(stop.untold()),
                  "seconds", String.valueOf(stop.retryAfter().toSeconds())));
        }
        yield new LoginResult.Blocked(stop.retryAfter());
      }
      case LoginThrottle.Admission.Go go -> {
        pause(go.pause());
        yield null;
      }
    };
  }

  private void pause(Duration length) {
    if (length.isPositive()) {
      try {
        pause.of(length);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted during a login", e);
      }
    }
  }

  private LoginResult rejected(LoginAttempt attempt, String factor, String reason) {
    return rejected(
        attempt, factor, reason, throttle.failed(attempt.source(), attempt.claimedName()));
  }

  private LoginResult rejected(
      LoginAttempt attempt, String factor, String reason, Optional<LoginBlock> block) {
    tell(AuditCode.LOGIN_FAILURE, attempt, Map.of("factor", factor, "reason", reason));
    block.ifPresent(
        now ->
            tell(
                AuditCode.LOGIN_BLOCKED,
                attempt,
                Map.of(
                    "reason", "too many failures",
                    "address", now.address(),
                    "failures", String.valueOf(now.failures()),
                    "until", now.until().toString())));
    return new LoginResult.Rejected();
  }

  private LoginResult accepted(LoginAttempt attempt, User user, String factors) {
    AuthenticatedUser proven = proven(attempt, user, factors);
    tell(AuditCode.LOGIN_SUCCESS, attempt, Map.of("factor", factors));
    throttle.succeeded(attempt.source(), attempt.claimedName());
    for (Consumer<AuthenticatedUser> listener : loginListeners) {
      try {
        listener.accept(proven);
      } catch (RuntimeException e) {
        LOG.error("a listener for logins failed", e);
      }
    }
    return new LoginResult.Accepted(proven);
  }

  private AuthenticatedUser proven(LoginAttempt attempt, User user, String factors) {
    return new AuthenticatedUser(user, factors, attempt.source(), clock.instant());
  }

  /// Whether the user is as active now as when the check, which took a while, began.
  private boolean isActiveStill(User user) {
    return user.active() && directory.snapshot().user(user.name()).filter(User::active).isPresent();
  }

  private void tell(AuditCode code, LoginAttempt attempt, Map<String, String> details) {
    String claimed = Shown.plain(attempt.claimedName(), MAX_SHOWN_CHARACTERS);
    Map<String, String> all = new TreeMap<>(details);
    all.put("front", attempt.front());
    ledger.append(
        new AuditEvent(
            clock.instant(), code, claimed, attempt.source().getHostAddress(), null, claimed, all));
  }

  private static Optional<User> find(DirectorySnapshot snapshot, String claimedName) {
    return Name.isValid(claimedName) ? snapshot.user(Name.of(claimedName)) : Optional.empty();
  }
}
