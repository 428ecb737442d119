package org.ongsung.practice;

import java.time.Duration;
import org.ongsung.practice.shell.ShellLimits;

/// What one practice target may use of the machine that it runs on.
///
/// @param maxLogins connections that are not logged in yet at once, inclusive; more are closed
/// @param maxSessions connections that are logged in at once, inclusive
/// @param maxChannelsPerSession shells, commands and transfers of one connection at once, inclusive
/// @param maxFileBytes the contents of all files together, inclusive
/// @param maxFiles files, folders and links together, inclusive
/// @param loginDeadline how long a login may take
/// @param idleDeadline after how long without a byte a connection ends
/// @param shell what each shell may use
public record PracticeLimits(
    int maxLogins,
    int maxSessions,
    int maxChannelsPerSession,
    long maxFileBytes,
    int maxFiles,
    Duration loginDeadline,
    Duration idleDeadline,
    ShellLimits shell) {
  /// 32 logins and 64 sessions of 16 channels, 64 MiB in 10,000 files, a minute to log in, 8 hours
  /// idle.
  public static final PracticeLimits DEFAULT =
      new PracticeLimits(
          32,
          64,
          16,
          64L << 20,
          10_000,
          Duration.ofMinutes(1),
          Duration.ofHours(8),
          ShellLimits.DEFAULT);

  public PracticeLimits {
    if (maxLogins < 1
        || maxSessions < 1
        || maxChannelsPerSession < 1
        || maxFileBytes < 64 << 10
        || maxFiles < 100
        || loginDeadline.isNegative()
        || loginDeadline.isZero()
        || idleDeadline.isNegative()
        || idleDeadline.isZero()) {
      throw new IllegalArgumentException(
          "a practice target needs at least one session and channel, 64 KiB in 100 files, and"
              + " time");
    }
  }
}
