package org.ongsung.server.work;

import java.net.InetAddress;
import java.util.List;
import org.ongsung.model.Network;

/// Addresses that nothing of ours connects to for a job, whoever set them up: link-local ones, at
/// which clouds keep their metadata, those of metadata services elsewhere, multicast, and none.
public final class Outbound {
  private static final List<Network> METADATA =
      List.of(Network.parse("fd00:ec2::254"), Network.parse("100.100.100.200"));

  private Outbound() {}

  /// Whether any of `addresses` is one.
  public static boolean isForbidden(List<InetAddress> addresses) {
    return addresses.stream().anyMatch(Outbound::isForbidden);
  }

  /// Whether `address` is one.
  public static boolean isForbidden(InetAddress address) {
    return address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress()
        || METADATA.stream().anyMatch(network -> network.contains(address));
  }
}
