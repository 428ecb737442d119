package org.ongsung.directory.wall;

/// What bounds the wall. All counts are inclusive.
///
/// @param starsPerUser how many targets one user may star
/// @param notices how many notices there may be
/// @param links how many links there may be
public record WallLimits(int starsPerUser, int notices, int links) {
  /// 200 of each.
  public static final WallLimits DEFAULT = new WallLimits(200, 200, 200);

  public WallLimits {
    if (starsPerUser < 1 || notices < 1 || links < 1) {
      throw new IllegalArgumentException("wall limits are positive");
    }
  }
}
