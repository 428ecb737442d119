package org.ongsung.server.worker;

import java.net.InetAddress;
import java.util.List;
import org.ongsung.model.ForbiddenAddresses;
import org.ongsung.model.Network;

/// Where a worker lets sessions go, whatever its gateway asks for: the networks that it was given,
/// and in no network the addresses that no target may have.
public record Reach(List<Network> networks) {
  /// The most networks, inclusive.
  public static final int MAX_NETWORKS = 256;

  public Reach {
    networks = List.copyOf(networks);
    if (networks.size() > MAX_NETWORKS) {
      throw new IllegalArgumentException("at most " + MAX_NETWORKS + " networks");
    }
  }

  /// Whether a session may go there.
  boolean allows(InetAddress address) {
    return !isForbidden(address)
        && networks.stream().anyMatch(network -> network.contains(address));
  }

  /// Whether no session may ever go there.
  static boolean isForbidden(InetAddress address) {
    return ForbiddenAddresses.contains(address) || address.isAnyLocalAddress();
  }
}
