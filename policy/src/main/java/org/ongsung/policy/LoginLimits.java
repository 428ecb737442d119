package org.ongsung.policy;

import java.time.Duration;

/// How failed logins are slowed and blocked.
///
/// @param freeFailures how many failures of an address, or against a user, cost nothing yet
/// @param firstDelay the pause after the first failure past those; it doubles with each further one
/// @param longestAddressDelay the longest pause for an address
/// @param longestUserDelay the longest pause for a user, which also strikes the rightful one
/// @param failuresToBlock with how many failures an address is blocked
/// @param failuresToBlockUnderAttack with how many failures an address is blocked while the user it
///   tries is under attack
/// @param failuresMeaningAttack how many failures against one user, over all addresses, are an
///   attack
/// @param firstBlock how long the first block lasts; each further one twice as long
/// @param longestBlock the longest block
/// @param memory after how long without failure an address or user is forgotten
/// @param blockMemory after how long without a block the next one is a first one again
/// @param entries how many addresses, and how many users, are remembered; the ones seen least
///   recently go first
/// @param retoldEvery how often the ledger tells how many attempts a block has turned away
public record LoginLimits(
    int freeFailures,
    Duration firstDelay,
    Duration longestAddressDelay,
    Duration longestUserDelay,
    int failuresToBlock,
    int failuresToBlockUnderAttack,
    int failuresMeaningAttack,
    Duration firstBlock,
    Duration longestBlock,
    Duration memory,
    Duration blockMemory,
    int entries,
    Duration retoldEvery) {
  /// Three free failures, then 0.5 s and doubling to 8 s (4 s for a user); a block after 10
  /// failures, or 3 while 30 failures struck the same user, of 5 minutes and doubling to 4 hours;
  /// forgotten after 30 minutes, blocks after a day; 65,536 addresses and users.
  public static final LoginLimits DEFAULT =
      new LoginLimits(
          3,
          Duration.ofMillis(500),
          Duration.ofSeconds(8),
          Duration.ofSeconds(4),
          10,
          3,
          30,
          Duration.ofMinutes(5),
          Duration.ofHours(4),
          Duration.ofMinutes(30),
          Duration.ofDays(1),
          65_536,
          Duration.ofMinutes(1));

  public LoginLimits {
    if (freeFailures < 0
        || failuresToBlock < 1
        || failuresToBlockUnderAttack < 1
        || failuresMeaningAttack < 1
        || entries < 1
        || !firstDelay.isPositive()
        || !longestAddressDelay.isPositive()
        || !longestUserDelay.isPositive()
        || !firstBlock.isPositive()
        || !longestBlock.isPositive()
        || !memory.isPositive()
        || !blockMemory.isPositive()
        || !retoldEvery.isPositive()) {
      throw new IllegalArgumentException("login limits are positive");
    }
  }
}
