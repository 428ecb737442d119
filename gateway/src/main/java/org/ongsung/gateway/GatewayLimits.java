package org.ongsung.gateway;

import java.time.Duration;

/// What bounds the gateway.
///
/// @param sessions live sessions of this process
/// @param openChannels channels of one session that may be open at once
/// @param lateWrites entries that may wait for a ledger or store that cannot be written
/// @param sweepInterval how often limits, grants, clock and free space are looked at
/// @param endGrace how long a protocol may take to close both sides once a session was ended
/// @param writeTimeout how long an entry may take to become durable
/// @param clockStep how far the clock may drift between two looks before that is told
public record GatewayLimits(
    int sessions,
    int openChannels,
    int lateWrites,
    Duration sweepInterval,
    Duration endGrace,
    Duration writeTimeout,
    Duration clockStep) {
  /// 10,000 sessions, 256 channels each, 20,000 late entries; a look each second, 10 seconds to
  /// close, 10 to write; 2 seconds of drift.
  public static final GatewayLimits DEFAULT =
      new GatewayLimits(
          10_000,
          256,
          20_000,
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2));

  public GatewayLimits {
    if (sessions < 1 || openChannels < 1 || lateWrites < 1) {
      throw new IllegalArgumentException("gateway limits are at least 1");
    }
    if (!sweepInterval.isPositive()
        || !endGrace.isPositive()
        || !writeTimeout.isPositive()
        || !clockStep.isPositive()) {
      throw new IllegalArgumentException("gateway times are positive");
    }
  }
}
