package org.ongsung.gateway;

import org.jspecify.annotations.Nullable;
import org.ongsung.policy.AccessRequest;

/// What somebody wrote before the `@`: who they are, and which account on which target they want.
///
/// `alice`, `alice+web-1` or `alice+root+web-1`; `:` may stand for `+`. None of the parts is a name
/// yet.
///
/// @param user who
/// @param access what they want; null when they named nothing
/// @param wellFormed false when there are too many parts, empty ones, or both separators
public record AccessAddress(String user, @Nullable AccessRequest access, boolean wellFormed) {
  /// The longest user name that is looked at, in characters, inclusive.
  public static final int MAX_CHARACTERS = 255;

  /// Takes a user name of RFC 4252 section 5 apart. Never fails.
  public static AccessAddress parse(String userName) {
    boolean plus = userName.indexOf('+') >= 0;
    boolean colon = userName.indexOf(':') >= 0;
    String[] parts = userName.split(plus ? "\\+" : ":", -1);
    boolean fine = !(plus && colon) && parts.length <= 3 && userName.length() <= MAX_CHARACTERS;
    for (String part : parts) {
      fine &= !part.isEmpty();
    }
    String user = plus && colon ? userName.split("[+:]", 2)[0] : parts[0];
    if (!fine) {
      return new AccessAddress(user, null, false);
    }
    AccessRequest access =
        switch (parts.length) {
          case 1 -> null;
          case 2 -> new AccessRequest(parts[1], null);
          default -> new AccessRequest(parts[2], parts[1]);
        };
    return new AccessAddress(user, access, true);
  }
}
