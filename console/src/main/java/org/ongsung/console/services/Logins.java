package org.ongsung.console.services;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Callers;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.directory.Directory;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.User;
import org.ongsung.policy.AccessToken;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.Authenticator;
import org.ongsung.policy.LoginAttempt;
import org.ongsung.policy.LoginResult;
import org.ongsung.policy.TokenStore;
import org.ongsung.policy.Tokens;

/// Console sessions and API tokens: made at a login, known again at each request, revoked.
///
/// A token is 256 random bits, shown once and kept as its SHA-256. It opens what its user may at
/// that moment: roles and activity are read from the directory each time. Blocks.
public final class Logins implements Callers {
  private static final Duration USED_EVERY = Duration.ofMinutes(1);

  private final Authenticator authenticator;
  private final TokenStore tokens;
  private final Directory directory;
  private final Ledger ledger;
  private final InstantSource clock;
  private final List<Consumer<String>> ends = new CopyOnWriteArrayList<>();

  /// A token just made: its text is known now and never again.
  public record Made(AccessToken token, String text) {}

  public Logins(
      Authenticator authenticator,
      TokenStore tokens,
      Directory directory,
      Ledger ledger,
      InstantSource clock) {
    this.authenticator = authenticator;
    this.tokens = tokens;
    this.directory = directory;
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public Optional<Caller> find(String token, InetAddress source, boolean bearer) {
    if (token.isEmpty() || token.length() > Tokens.MAX_CHARACTERS) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return tokens
        .find(Tokens.sha256(token))
        .filter(found -> !found.expiredAt(now))
        .filter(found -> bearer || found.purpose() == AccessToken.Purpose.CONSOLE_SESSION)
        .flatMap(found -> callerOf(found, source, bearer, now));
  }

  private Optional<Caller> callerOf(
      AccessToken token, InetAddress source, boolean bearer, Instant now) {
    Set<Role> roles = Set.of(Role.ADMIN);
    AuthenticatedUser proven = null;
    if (token.purpose() == AccessToken.Purpose.WORKER) {
      roles = Set.of();
    } else if (!token.isLocalAdmin()) {
      User user = activeUser(token.user());
      if (user == null) {
        return Optional.empty();
      }
      roles = user.roles();
      LoginAttempt attempt = new LoginAttempt(user.name().value(), source, "console");
      if (!(authenticator.session(attempt, token.factors()) instanceof LoginResult.Accepted yes)) {
        return Optional.empty();
      }
      proven = yes.user();
    }
    Instant last = token.lastUsedAt();
    if (last == null || Duration.between(last, now).compareTo(USED_EVERY) > 0) {
      tokens.used(token.id(), now);
    }
    return Optional.of(
        new Caller(token.actor(), roles, proven, source, token.id(), token.csrfSecret(), bearer));
  }

  private @Nullable User activeUser(@Nullable Name name) {
    return name == null ? null : directory.snapshot().user(name).filter(User::active).orElse(null);
  }

  /// Checks a password; slowed and put into the ledger by the policy.
  public LoginResult check(String name, String password, InetAddress source, String front) {
    return authenticator.password(new LoginAttempt(name, source, front), password);
  }

  /// What a login that was not looked at is answered with: 503 when too many passwords are being
  /// checked, 429 when too many failed.
  public static HttpProblem blocked(LoginResult.Blocked blocked) {
    if (blocked.busy()) {
      return HttpProblem.passwordsBusy(blocked.retryAfter());
    }
    return HttpProblem.busy(
        429,
        "blocked",
        "too many failed logins; try again in "
            + Math.max(1, blocked.retryAfter().toSeconds())
            + " seconds, or ask an administrator to release the block",
        blocked.retryAfter());
  }

  /// Opens a session of the console for somebody who has proven who they are.
  public Made openSession(AuthenticatedUser user, Duration lifetime) {
    return create(
        user.user().name(),
        AccessToken.Purpose.CONSOLE_SESSION,
        "",
        user.factors(),
        user.source().getHostAddress(),
        lifetime);
  }

  /// Opens a session for a program that has sent a password: a bearer token that ends by itself.
  public Made openApiSession(AuthenticatedUser user, Duration lifetime) {
    return create(
        user.user().name(),
        AccessToken.Purpose.API_TOKEN,
        "login",
        user.factors(),
        user.source().getHostAddress(),
        lifetime);
  }

  /// Makes a token for programs; in the ledger before it works.
  ///
  /// @param lifetime null for no end
  public Made makeToken(Caller caller, String label, @Nullable Duration lifetime) {
    String factors = caller.user() == null ? "local token" : caller.user().factors();
    tell(AuditCode.TOKEN_CREATED, caller, label, Map.of("label", label));
    return create(
        caller.userName().orElse(null),
        AccessToken.Purpose.API_TOKEN,
        label,
        factors,
        caller.sourceText(),
        lifetime);
  }

  /// Makes a token for a worker elsewhere; in the ledger before it works.
  public Made makeWorkerToken(Caller caller, Name worker) {
    tell(
        AuditCode.TOKEN_CREATED,
        caller,
        worker.value(),
        Map.of("label", worker.value(), "purpose", AccessToken.Purpose.WORKER.text()));
    return create(
        null,
        AccessToken.Purpose.WORKER,
        worker.value(),
        "worker token",
        caller.sourceText(),
        null);
  }

  /// The tokens of workers.
  public List<AccessToken> workerTokens() {
    return tokens.list(null).stream()
        .filter(token -> token.purpose() == AccessToken.Purpose.WORKER)
        .toList();
  }

  /// Takes a worker's token away.
  ///
  /// @return whether it was there
  public boolean revokeWorker(Caller caller, String id) {
    Optional<AccessToken> token =
        workerTokens().stream().filter(one -> one.id().equals(id)).findFirst();
    if (token.isEmpty()) {
      return false;
    }
    tell(
        AuditCode.TOKEN_REVOKED,
        caller,
        token.get().label(),
        Map.of("label", token.get().label(), "purpose", token.get().purpose().text()));
    return tokens.delete(id);
  }

  private Made create(
      @Nullable Name user,
      AccessToken.Purpose purpose,
      String label,
      String factors,
      String source,
      @Nullable Duration lifetime) {
    Instant now = clock.instant();
    String text = Tokens.newText();
    AccessToken token =
        new AccessToken(
            Tokens.newId(),
            Tokens.sha256(text),
            user,
            purpose,
            label,
            factors,
            source,
            now,
            lifetime == null ? null : now.plus(lifetime),
            null,
            purpose == AccessToken.Purpose.CONSOLE_SESSION ? Tokens.newSecret() : "");
    tokens.create(token);
    return new Made(token, text);
  }

  /// The caller's own tokens and console sessions, newest first.
  public List<AccessToken> mine(Caller caller) {
    Instant now = clock.instant();
    return tokens.list(caller.userName().orElse(null)).stream()
        .filter(token -> !token.expiredAt(now))
        .toList();
  }

  /// Takes away one of the caller's own tokens.
  ///
  /// @return whether it was there
  public boolean revoke(Caller caller, String id) {
    Optional<AccessToken> token =
        mine(caller).stream().filter(one -> one.id().equals(id)).findFirst();
    if (token.isEmpty()) {
      return false;
    }
    tell(
        AuditCode.TOKEN_REVOKED,
        caller,
        token.get().label(),
        Map.of("label", token.get().label(), "purpose", token.get().purpose().text()));
    boolean was = tokens.delete(id);
    ended(id);
    return was;
  }

  /// Ends the session or token that made the request.
  public void logOut(Caller caller) {
    tell(AuditCode.LOGOUT, caller, caller.name(), Map.of());
    tokens.delete(caller.tokenId());
    ended(caller.tokenId());
  }

  /// Calls `listener` with the id of each login or token that its owner ends.
  public void onEnd(Consumer<String> listener) {
    ends.add(listener);
  }

  private void ended(String id) {
    ends.forEach(listener -> listener.accept(id));
  }

  /// Ends every other session and token of a user whose password changed.
  ///
  /// @param except the token to keep, or null
  public void endOthers(Name user, @Nullable String except) {
    List<String> over =
        tokens.list(user).stream().map(AccessToken::id).filter(id -> !id.equals(except)).toList();
    tokens.deleteAll(user, except);
    over.forEach(this::ended);
  }

  private void tell(AuditCode code, Caller caller, String subject, Map<String, String> details) {
    ledger.append(
        new AuditEvent(
            clock.instant(), code, caller.name(), caller.sourceText(), null, subject, details));
  }
}
