package org.ongsung.fastcgi.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Predicate;

/// The front servers that may connect by TCP: IP addresses and networks such as `10.1.0.0/16`. The
/// like of the specification's `FCGI_WEB_SERVER_ADDRS` (section 3.2). Whoever reaches a Unix-domain
/// socket was let in by its file's permissions.
public final class PeerAddresses implements Predicate<SocketAddress> {
  private final List<Network> networks;

  private PeerAddresses(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /// Only this machine.
  public static PeerAddresses loopback() {
    return of(List.of("127.0.0.0/8", "::1"));
  }

  /// Those of a list.
  ///
  /// @param addresses IP addresses, or networks in CIDR notation
  /// @throws IllegalArgumentException for anything else, such as a host name
  public static PeerAddresses of(List<String> addresses) {
    return new PeerAddresses(addresses.stream().map(PeerAddresses::network).toList());
  }

  @Override
  public boolean test(SocketAddress peer) {
    if (!(peer instanceof InetSocketAddress inet)) {
      return true;
    }
    return inet.getAddress() != null
        && networks.stream().anyMatch(network -> network.contains(inet.getAddress()));
  }

  private static Network network(String text) {
    int slash = text.indexOf('/');
    byte[] address =
        InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
    int most = 8 * address.length;
    int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException("not a network: " + text);
    }
    return new Network(address, bits);
  }

  private static final class Network {
    private final byte[] address;
    private final int bits;

    Network(byte[] address, int bits) {
      this.address = address;
      this.bits = bits;
    }

    boolean contains(InetAddress other) {
      byte[] bytes = other.getAddress();
      if (bytes.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((bytes[bit / 8] & mask) != (address[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
