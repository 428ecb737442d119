package org.ongsung.directory.wall;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ongsung.model.Name;

/// Where stars, notices and links lie. A user's stars go with the user, and a target's with the
/// target.
///
/// Every method blocks; all throw [org.ongsung.directory.DirectoryUnavailableException] when the
/// store cannot be reached. Times come back cut to microseconds.
public interface WallStore {
  /// The targets that `user` has starred, in the order in which they were.
  List<Name> stars(Name user);

  /// Stars `target` for `user`, if it is not yet.
  ///
  /// @param most how many stars one user may have, inclusive
  /// @return whether it is starred now: false when there were as many as may be
  boolean star(Name user, Name target, Instant at, int most);

  /// Takes a star away; does nothing where there is none.
  void unstar(Name user, Name target);

  /// All notices, by name.
  List<Notice> notices();

  Optional<Notice> notice(Name name);

  /// Writes a notice, new or over the old one.
  void put(Notice notice);

  /// Removes a notice.
  ///
  /// @return whether it was there
  boolean deleteNotice(Name name);

  /// All links, by name.
  List<WallLink> links();

  Optional<WallLink> link(Name name);

  /// Writes a link, new or over the old one.
  void put(WallLink link);

  /// Removes a link.
  ///
  /// @return whether it was there
  boolean deleteLink(Name name);
}
