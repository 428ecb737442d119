package org.ongsung.directory.adhoc;

/// What bounds targets that are registered on the fly. All counts are inclusive.
///
/// @param targets how many there may be
/// @param targetsPerUser how many of them one user may have registered
public record AdHocLimits(int targets, int targetsPerUser) {
  /// 1,000, and 50 of one user.
  public static final AdHocLimits DEFAULT = new AdHocLimits(1_000, 50);

  public AdHocLimits {
    if (targets < 1 || targetsPerUser < 1) {
      throw new IllegalArgumentException("ad-hoc limits are positive");
    }
  }
}
