package org.ongsung.model;

import java.net.InetAddress;
import java.util.Arrays;

/// An IPv4 or IPv6 network in CIDR notation (RFC 4632, RFC 4291 section 2.3); a lone address is a
/// network of one.
///
/// IPv4-mapped IPv6 addresses count as IPv4. Bits past the prefix must be zero, so that a network
/// says what it means.
public final class Network {
  private final byte[] address;
  private final int prefixBits;

  private Network(byte[] address, int prefixBits) {
    this.address = address;
    this.prefixBits = prefixBits;
  }

  /// Reads `10.0.0.0/8`, `2001:db8::/32` or a lone address. Never asks a name server.
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = literal(slash < 0 ? text : text.substring(0, slash), text);
    int bits = address.length * 8;
    int prefix = bits;
    if (slash >= 0) {
      try {
        prefix = Integer.parseInt(text.substring(slash + 1));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("not a network (10.0.0.0/8): " + Shown.quoted(text), e);
      }
      if (prefix < 0 || prefix > bits) {
        throw new IllegalArgumentException(
            "a prefix is 0 to " + bits + " bits: " + Shown.quoted(text));
      }
    }
    for (int bit = prefix; bit < bits; bit++) {
      if ((address[bit / 8] & (0x80 >> (bit % 8))) != 0) {
        throw new IllegalArgumentException("bits are set past the prefix: " + Shown.quoted(text));
      }
    }
    return new Network(address, prefix);
  }

  private static byte[] literal(String text, String whole) {
    try {
      return InetAddress.ofLiteral(text).getAddress();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a network (10.0.0.0/8): " + Shown.quoted(whole), e);
    }
  }

  /// Whether `candidate` lies in this network.
  public boolean contains(InetAddress candidate) {
    byte[] other = candidate.getAddress();
    if (other.length != address.length) {
      return false;
    }
    int whole = prefixBits / 8;
    if (!Arrays.equals(address, 0, whole, other, 0, whole)) {
      return false;
    }
    int rest = prefixBits % 8;
    return rest == 0 || ((address[whole] ^ other[whole]) & (0xff00 >> rest) & 0xff) == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network network
        && prefixBits == network.prefixBits
        && Arrays.equals(address, network.address);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(address) + prefixBits;
  }

  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(address).getHostAddress() + "/" + prefixBits;
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e); // the length was 4 or 16 at construction
    }
  }
}
