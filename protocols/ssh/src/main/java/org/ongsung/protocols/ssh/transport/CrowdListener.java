package org.ongsung.protocols.ssh.transport;

import java.net.InetAddress;

/// Told when an address has more connections that have not authenticated than it may have.
@FunctionalInterface
public interface CrowdListener {
  /// Called on an event loop, which it must not hold up: for an address at once, and then at most
  /// once a minute.
  ///
  /// @param turnedAway how many connections were turned away since the last call for that address
  void crowded(InetAddress address, long turnedAway);
}
