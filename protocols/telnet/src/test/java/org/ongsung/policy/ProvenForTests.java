package org.ongsung.policy;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.Title;
import org.ongsung.model.User;

/// People who have proven who they are, for tests of what comes after that.
public final class ProvenForTests {
  private ProvenForTests() {}

  /// A user of that name who came from there with a password.
  public static AuthenticatedUser user(String name, InetAddress source) {
    User user =
        new User(Name.of(name), Title.NONE, Set.of(Role.USER), Set.of(), true, null, List.of());
    return new AuthenticatedUser(user, "password", source, Instant.now());
  }
}
