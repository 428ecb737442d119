package org.ongsung.protocols.telnet;

import java.time.Duration;

/// How much of everything the Telnet room takes. All bounds are inclusive.
///
/// @param maxConnections connections of people at once, logged in or not; one more is closed
/// @param maxUnprovenOfAddress connections of one address that have not logged in
/// @param loginTimeout from connecting to the end of the login
/// @param maxFailedLogins failed logins on one connection
/// @param bytesBeforeLogin what a person may send before the login is done
/// @param menuTimeout for choosing a target
/// @param dialTimeout for the TCP connection to the target
/// @param targetLoginTimeout from the target's TCP connection to being logged in there
/// @param settle how long a target that shows no prompt we know must be silent to count as logged
///   in
/// @param bytesOfTargetLogin what a target may show before that
public record TelnetLimits(
    int maxConnections,
    int maxUnprovenOfAddress,
    Duration loginTimeout,
    int maxFailedLogins,
    int bytesBeforeLogin,
    Duration menuTimeout,
    Duration dialTimeout,
    Duration targetLoginTimeout,
    Duration settle,
    int bytesOfTargetLogin) {
  /// 2,000 connections, 16 of an address without login, 60 s and 3 failures to log in, 4 KiB before
  /// that; 5 minutes to choose; 10 s to connect, 30 s to log in at the target.
  public static final TelnetLimits DEFAULT =
      new TelnetLimits(
          2_000,
          16,
          Duration.ofSeconds(60),
          3,
          4_096,
          Duration.ofMinutes(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMillis(1_500),
          65_536);

  public TelnetLimits {
    if (maxConnections < 1
        || maxUnprovenOfAddress < 1
        || maxFailedLogins < 1
        || bytesBeforeLogin < 1
        || bytesOfTargetLogin < 1) {
      throw new IllegalArgumentException("limits of Telnet are at least 1");
    }
    if (!loginTimeout.isPositive()
        || !menuTimeout.isPositive()
        || !dialTimeout.isPositive()
        || !targetLoginTimeout.isPositive()
        || !settle.isPositive()) {
      throw new IllegalArgumentException("times of Telnet are positive");
    }
  }
}
