package org.ongsung.console.services;

import java.time.Duration;
import org.ongsung.console.http.DoorLimits;
import org.ongsung.console.terminal.BrowserTerminalLimits;

/// What bounds the console.
///
/// @param headerBytes request line and header fields together, inclusive
/// @param applyBytes the longest access document, inclusive; every other body has at most 1 MiB
/// @param connections open connections at once, inclusive, by HTTP and by FastCGI each; the next is
///   told with a 503 to come back
/// @param streams live views, downloads of recordings, exports and backups at once, inclusive
/// @param idleTimeout how long a connection may say nothing, also within a request
/// @param stopTimeout how long requests may go on after a stop was asked for
/// @param sessionLifetime how long a login by password lasts
/// @param heartbeat how often a live view shows that it is there
/// @param unreadBodyBytes how much of a body is read and dropped after it was refused, inclusive,
///   so that the answer is heard; past it, the connection is cut
/// @param unreadBodyTime for how long; by FastCGI as long as the front server goes on sending
/// @param connecting how long a worker has to find the way for somebody who connects
/// @param people how many requests are worked on at once
/// @param terminals what bounds terminals in browsers
public record ConsoleLimits(
    int headerBytes,
    int applyBytes,
    int connections,
    int streams,
    Duration idleTimeout,
    Duration stopTimeout,
    Duration sessionLifetime,
    Duration heartbeat,
    long unreadBodyBytes,
    Duration unreadBodyTime,
    Duration connecting,
    DoorLimits people,
    BrowserTerminalLimits terminals) {
  /// 16 KiB, 16 MiB, 12,000, 200, 60 s, 5 s, 12 h, 10 s, 64 MiB, 30 s, 20 s; [DoorLimits#PEOPLE],
  /// [BrowserTerminalLimits#DEFAULT].
  public static final ConsoleLimits DEFAULT =
      new ConsoleLimits(
          16_384,
          16 << 20,
          12_000,
          200,
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofHours(12),
          Duration.ofSeconds(10),
          64L << 20,
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          DoorLimits.PEOPLE,
          BrowserTerminalLimits.DEFAULT);

  /// The same with another time for workers to find the way.
  public ConsoleLimits withConnecting(Duration longest) {
    return new ConsoleLimits(
        headerBytes,
        applyBytes,
        connections,
        streams,
        idleTimeout,
        stopTimeout,
        sessionLifetime,
        heartbeat,
        unreadBodyBytes,
        unreadBodyTime,
        longest,
        people,
        terminals);
  }

  public ConsoleLimits {
    if (headerBytes < 1_024
        || applyBytes < 1
        || connections < 1
        || streams < 1
        || unreadBodyBytes < 1) {
      throw new IllegalArgumentException("console limits are positive");
    }
  }
}
