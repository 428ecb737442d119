package org.ongsung.policy;

import java.util.Set;
import org.ongsung.model.Account;
import org.ongsung.model.Capability;
import org.ongsung.model.Grant;
import org.ongsung.model.Target;

/// The permission to open one session: who, to which account on which target, under which grant.
/// The dialler takes this and nothing less. Made nowhere but in this package.
public final class TargetGrant {
  private final AuthenticatedUser user;
  private final Target target;
  private final Account account;
  private final Grant grant;

  TargetGrant(AuthenticatedUser user, Target target, Account account, Grant grant) {
    this.user = user;
    this.target = target;
    this.account = account;
    this.grant = grant;
  }

  public AuthenticatedUser user() {
    return user;
  }

  public Target target() {
    return target;
  }

  public Account account() {
    return account;
  }

  /// The grant that allows it: of several, the one that lets do most, then the first by name.
  public Grant grant() {
    return grant;
  }

  /// Whether the session may do that.
  public boolean allows(Capability capability) {
    return grant.may().contains(capability);
  }

  /// All that the session may do.
  public Set<Capability> capabilities() {
    return grant.may();
  }
}
