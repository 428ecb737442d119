package org.ongsung.policy;

import java.net.InetAddress;
import java.time.Instant;
import org.ongsung.model.User;

/// A person who proved who they are. Made nowhere but in this package, from a proven credential.
public final class AuthenticatedUser {
  private final User user;
  private final String factors;
  private final InetAddress source;
  private final Instant at;

  AuthenticatedUser(User user, String factors, InetAddress source, Instant at) {
    this.user = user;
    this.factors = factors;
    this.source = source;
    this.at = at;
  }

  /// The user as they were at login; ask the directory for how they are now.
  public User user() {
    return user;
  }

  /// How they proved it: `password`, or `publickey SHA256:…`.
  public String factors() {
    return factors;
  }

  /// From where.
  public InetAddress source() {
    return source;
  }

  /// When.
  public Instant at() {
    return at;
  }

  @Override
  public String toString() {
    return user.name() + " by " + factors + " from " + source.getHostAddress();
  }
}
