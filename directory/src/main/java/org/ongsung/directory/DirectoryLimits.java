package org.ongsung.directory;

import java.time.Duration;

/// What bounds the directory. All counts are inclusive.
///
/// @param users how many users
/// @param groups how many groups
/// @param targets how many targets
/// @param grants how many grants
/// @param namesPerGrant how many users, groups, targets, accounts or networks one grant may list,
///   each kind counted for itself
/// @param attempts how often a change is decided anew when other processes are faster
/// @param pollInterval how often other processes' changes are looked for
/// @param ledgerBatchEvents how many events of one change wait for the ledger together
/// @param ledgerTimeout how long the ledger may take for one such batch
public record DirectoryLimits(
    int users,
    int groups,
    int targets,
    int grants,
    int namesPerGrant,
    int attempts,
    Duration pollInterval,
    int ledgerBatchEvents,
    Duration ledgerTimeout) {
  /// 50,000 users and targets, 10,000 groups and grants, 1,000 names in a grant, 16 attempts, a
  /// look every second, 1,000 events a batch, 30 seconds for it.
  public static final DirectoryLimits DEFAULT =
      new DirectoryLimits(
          50_000,
          10_000,
          50_000,
          10_000,
          1_000,
          16,
          Duration.ofSeconds(1),
          1_000,
          Duration.ofSeconds(30));

  public DirectoryLimits {
    if (users < 1
        || groups < 1
        || targets < 1
        || grants < 1
        || namesPerGrant < 1
        || attempts < 1
        || ledgerBatchEvents < 1
        || !pollInterval.isPositive()
        || !ledgerTimeout.isPositive()) {
      throw new IllegalArgumentException("directory limits are positive");
    }
  }
}
