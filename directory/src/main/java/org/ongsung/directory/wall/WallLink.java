package org.ongsung.directory.wall;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.ongsung.model.Name;
import org.ongsung.model.Shown;
import org.ongsung.model.Title;
import org.ongsung.model.User;

/// A way to somewhere else that stands on the wall, such as to the wiki.
///
/// @param title what it is called, not empty
/// @param address an absolute URL of `http` or `https`, at most 2,000 characters, without a
///   password in it
/// @param remark one line beside it; may be empty
/// @param rank where it stands among the others, 0 to 9,999, smaller first
/// @param groups who sees it; empty means everybody
public record WallLink(
    Name name, Title title, String address, Title remark, int rank, Set<Name> groups) {
  /// The most characters of an address, inclusive.
  public static final int MAX_ADDRESS_CHARACTERS = 2_000;

  /// The last rank.
  public static final int MAX_RANK = 9_999;

  public WallLink {
    groups = Set.copyOf(groups);
    if (title.isEmpty()) {
      throw new IllegalArgumentException("a link has a title");
    }
    checkAddress(address);
    if (rank < 0 || rank > MAX_RANK) {
      throw new IllegalArgumentException("a rank is 0 to 9999");
    }
    if (groups.size() > User.MAX_GROUPS) {
      throw new IllegalArgumentException("a link is for at most 200 groups");
    }
  }

  private static void checkAddress(String address) {
    if (address.length() > MAX_ADDRESS_CHARACTERS) {
      throw new IllegalArgumentException("an address has at most 2000 characters");
    }
    try {
      URI uri = new URI(address);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getUserInfo() == null) {
        return;
      }
    } catch (URISyntaxException e) {
      // said below, as for any other text
    }
    throw new IllegalArgumentException(
        "an address is like https://wiki.example.com/: " + Shown.quoted(address));
  }

  /// Whether `user` sees it.
  public boolean isFor(User user) {
    return groups.isEmpty() || user.groups().stream().anyMatch(groups::contains);
  }
}
