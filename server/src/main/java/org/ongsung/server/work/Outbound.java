package org.ongsung.server.work;

import java.net.InetAddress;
import java.util.List;
import org.ongsung.model.ForbiddenAddresses;

/// Addresses that nothing of ours connects to for a job, whoever set them up: those that no target
/// may have, and none at all.
public final class Outbound {
  private Outbound() {}

  /// Whether any of `addresses` is one.
  public static boolean isForbidden(List<InetAddress> addresses) {
    return addresses.stream().anyMatch(Outbound::isForbidden);
  }

  /// Whether `address` is one.
  public static boolean isForbidden(InetAddress address) {
    return ForbiddenAddresses.contains(address) || address.isAnyLocalAddress();
  }
}
