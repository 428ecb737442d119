package org.ongsung.console.terminal;

import java.time.Duration;

/// What bounds terminals in browsers.
///
/// @param perPerson open at once by one person, inclusive
/// @param all open at once by everybody, inclusive
/// @param unseenBytes what a browser may have been sent, or may have to be sent, before it says
///   that it has shown it, inclusive; as much is kept for a browser that comes back
/// @param absence how long a terminal waits for a browser that is gone: a break of a minute, and as
///   long again as the browser may take to see that it is over
/// @param heartbeat how often a quiet line shows that it is there
public record BrowserTerminalLimits(
    int perPerson, int all, int unseenBytes, Duration absence, Duration heartbeat) {
  /// 20, 1,000, 256 KiB, 90 s, 10 s.
  public static final BrowserTerminalLimits DEFAULT =
      new BrowserTerminalLimits(20, 1_000, 262_144, Duration.ofSeconds(90), Duration.ofSeconds(10));

  public BrowserTerminalLimits {
    if (perPerson < 1 || all < 1 || unseenBytes < 1_024) {
      throw new IllegalArgumentException("limits of terminals are positive");
    }
    if (!absence.isPositive() || !heartbeat.isPositive()) {
      throw new IllegalArgumentException("times of terminals are positive");
    }
  }
}
