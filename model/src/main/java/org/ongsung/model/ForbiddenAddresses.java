package org.ongsung.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The addresses that no target may have, whoever registers it and whatever a host name stands for
/// at the moment: link-local ones (RFC 3927, RFC 4291 section 2.5.6), where clouds have the
/// services that tell a machine its credentials, such services elsewhere, and multicast.
///
/// An IPv4 address within an IPv6 one counts as itself: mapped and compatible (RFC 4291 section
/// 2.5.5), 6to4 (RFC 3056) and the well-known prefix of translators (RFC 6052 section 2.1).
public final class ForbiddenAddresses {
  /// Amazon's by IPv6, and Alibaba's.
  private static final List<Network> METADATA =
      List.of(Network.parse("fd00:ec2::254"), Network.parse("100.100.100.200"));

  private static final Network SIX_TO_FOUR = Network.parse("2002::/16");
  private static final Network TRANSLATED = Network.parse("64:ff9b::/96");
  private static final Network COMPATIBLE = Network.parse("::/96");

  private ForbiddenAddresses() {}

  /// Whether no connection may go there.
  public static boolean contains(InetAddress address) {
    return isForbidden(address)
        || embedded(address).filter(ForbiddenAddresses::isForbidden).isPresent();
  }

  /// Whether `host` is an address, not a name, and no connection may go there. Asks no name server.
  public static boolean containsLiteral(String host) {
    try {
      return contains(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return false; // a name; what it stands for is looked at when it is dialled
    }
  }

  private static boolean isForbidden(InetAddress address) {
    return address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || METADATA.stream().anyMatch(network -> network.contains(address));
  }

  private static Optional<InetAddress> embedded(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (SIX_TO_FOUR.contains(address)) {
      return Optional.of(ofFour(bytes, 2));
    }
    return TRANSLATED.contains(address) || COMPATIBLE.contains(address)
        ? Optional.of(ofFour(bytes, 12))
        : Optional.empty();
  }

  private static InetAddress ofFour(byte[] bytes, int at) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // four bytes are an address
    }
  }
}
