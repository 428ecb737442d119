package org.ongsung.protocols.ssh;

import java.time.Duration;

/// How much of everything the SSH room takes. All bounds are inclusive.
///
/// @param maxConnections connections of people at once, logged in or not; one more is closed
/// @param maxConnectionsPerUser the same of one person who has logged in; one more is told so and
///   disconnected, so that nobody can take all places
/// @param loginTimeout from connecting to the end of the login
/// @param maxFailedLogins failed proofs of identity on one connection
/// @param maxLoginRequests authentication requests of every sort on one connection, offered keys
///   included
/// @param maxChannels channels at once on one connection
/// @param dialTimeout for the TCP connection to the target
/// @param targetLoginTimeout from the target's TCP connection to being logged in there
/// @param keepAliveInterval between questions to a silent side
/// @param maxUnansweredKeepAlives questions without an answer before the connection is given up
/// @param heldBytes payload kept for one channel while its record opens, and for one connection
///   while its target is dialled
/// @param maxEnvironmentEntries variables on one channel
/// @param rekeyBytes payload under one set of keys
/// @param menuTimeout for choosing a target
public record SshLimits(
    int maxConnections,
    int maxConnectionsPerUser,
    Duration loginTimeout,
    int maxFailedLogins,
    int maxLoginRequests,
    int maxChannels,
    Duration dialTimeout,
    Duration targetLoginTimeout,
    Duration keepAliveInterval,
    int maxUnansweredKeepAlives,
    int heldBytes,
    int maxEnvironmentEntries,
    long rekeyBytes,
    Duration menuTimeout) {

  /// Requests that may wait for the target on one connection.
  static final int MAX_HELD_REQUESTS = 256;

  /// Listeners of remote forwards on one connection.
  static final int MAX_LISTENERS = 64;

  /// The largest payload of one data packet that either side may send, in bytes.
  public static final int MAX_PACKET_BYTES = 65_536;

  /// What a gateway for a few hundred people does well with.
  public static final SshLimits DEFAULT =
      new SshLimits(
          10_000,
          1_000,
          Duration.ofSeconds(60),
          6,
          30,
          64,
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          4,
          4 << 20,
          64,
          1L << 30,
          Duration.ofMinutes(5));
}
