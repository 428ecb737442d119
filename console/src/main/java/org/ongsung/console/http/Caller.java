package org.ongsung.console.http;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.policy.AccessToken;
import org.ongsung.policy.AuthenticatedUser;

/// Who makes a request, proven by a token.
///
/// @param name the user's name, or `local-admin` for the owner of the data folder
/// @param roles as the directory has them now, not as they were at login
/// @param user the proven user; null for `local-admin`, who is nobody in the directory
/// @param tokenId names the token, opens nothing
/// @param csrfSecret what forms of this login prove themselves with; empty for API tokens
/// @param bearer whether the token came in a header that no foreign page can send
public record Caller(
    String name,
    Set<Role> roles,
    @Nullable AuthenticatedUser user,
    InetAddress source,
    String tokenId,
    String csrfSecret,
    boolean bearer) {
  public Caller {
    roles = Set.copyOf(roles);
  }

  /// Changes everything.
  public boolean isAdmin() {
    return roles.contains(Role.ADMIN);
  }

  /// Reads everything.
  public boolean isAuditor() {
    return isAdmin() || roles.contains(Role.AUDITOR);
  }

  /// Whether a worker asks, who leases jobs and may do nothing else.
  public boolean isWorker() {
    return user == null && name.startsWith(AccessToken.WORKER_PREFIX);
  }

  /// What the worker is called.
  public String workerName() {
    return name.substring(AccessToken.WORKER_PREFIX.length());
  }

  /// Whether `name` is the caller.
  public boolean is(Name other) {
    return user != null && user.user().name().equals(other);
  }

  /// The caller as somebody in the directory.
  public Optional<Name> userName() {
    return user == null ? Optional.empty() : Optional.of(user.user().name());
  }

  /// The language that they chose for themselves.
  public LanguageChoice language() {
    return user == null ? LanguageChoice.AUTO : user.user().language();
  }

  /// The address as text, without a host name.
  public String sourceText() {
    return source.getHostAddress();
  }
}
