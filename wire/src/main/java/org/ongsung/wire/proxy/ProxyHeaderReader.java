package org.ongsung.wire.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Reads the header that begins a proxied connection.
///
/// Version 1 is a line of at most 107 bytes:
///
///     PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n
///     PROXY UNKNOWN …\r\n
///
/// Version 2 is binary, numbers in network byte order:
///
///     0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a    signature
///     2|0 itself, 2|1 relayed                version and command, a nibble each
///     1|1 TCP over IPv4, 2|1 over IPv6, 0|0  address family and transport, a nibble each
///     length of what follows                 two bytes
///     source, destination, both ports        then extensions (TLV), which are skipped
///
/// Nothing is guessed: what does not begin with a header is malformed. A reader that takes no more
/// bytes than [Reading.Incomplete] says never takes a byte of the connection itself.
public final class ProxyHeaderReader {
  /// The longest header, inclusive; the specification lets version 2 have 65,551.
  public static final int MAX_BYTES = 4_096;

  private static final int MAX_LINE_BYTES = 107;
  private static final int SHORTEST_BYTES = "PROXY UNKNOWN\r\n".length();
  private static final int FIXED_BYTES = 16;
  private static final int IPV4_BYTES = 12;
  private static final int IPV6_BYTES = 36;
  private static final byte[] LINE_START = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
  private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
  private static final Pattern IPV4 =
      Pattern.compile(
          "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
              + "(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}");
  private static final Pattern IPV6_GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");
  private static final int IPV6_GROUPS = 8;

  private ProxyHeaderReader() {}

  /// How far the bytes so far lead.
  public sealed interface Reading {
    /// There is more to come.
    ///
    /// @param atLeastBytes so many bytes more belong to the header for certain; at least 1
    record Incomplete(int atLeastBytes) implements Reading {}

    /// It is no header, or not one that can be used.
    ///
    /// @param why for the log
    record Malformed(String why) implements Reading {}

    /// It is whole.
    ///
    /// @param bytes how many of the bytes it is
    record Complete(ProxyHeader header, int bytes) implements Reading {}
  }

  /// Reads what stands between the buffer's position and limit, from the connection's first byte
  /// on; leaves the buffer as it is.
  public static Reading read(ByteBuffer buffer) {
    byte[] bytes = new byte[Math.min(buffer.remaining(), MAX_BYTES)];
    buffer.get(buffer.position(), bytes);
    if (startsLike(bytes, SIGNATURE)) {
      return bytes.length < SIGNATURE.length
          ? new Reading.Incomplete(SHORTEST_BYTES - bytes.length)
          : binary(ByteBuffer.wrap(bytes));
    }
    if (startsLike(bytes, LINE_START)) {
      return line(bytes);
    }
    return new Reading.Malformed("it begins without a PROXY header");
  }

  private static boolean startsLike(byte[] bytes, byte[] start) {
    for (int i = 0; i < Math.min(bytes.length, start.length); i++) {
      if (bytes[i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static Reading line(byte[] bytes) {
    int end = -1;
    for (int i = 1; i < bytes.length && end < 0; i++) {
      if (bytes[i - 1] == '\r' && bytes[i] == '\n') {
        end = i - 1;
      }
    }
    if (end + 2 > MAX_LINE_BYTES || (end < 0 && bytes.length >= MAX_LINE_BYTES)) {
      return new Reading.Malformed("its line is longer than " + MAX_LINE_BYTES + " bytes");
    }
    if (end < 0) {
      int toTheEnd = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? 1 : 2;
      return new Reading.Incomplete(Math.max(SHORTEST_BYTES - bytes.length, toTheEnd));
    }
    String text = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    String[] words = text.split(" ", -1);
    if (words[1].equals("UNKNOWN")) {
      return new Reading.Complete(new ProxyHeader.Itself(), end + 2);
    }
    boolean known =
        words.length == 6
            && ((words[1].equals("TCP4") && isIpv4(words[2]) && isIpv4(words[3]))
                || (words[1].equals("TCP6") && isIpv6(words[2]) && isIpv6(words[3])))
            && isPort(words[4])
            && isPort(words[5]);
    return known
        ? new Reading.Complete(
            new ProxyHeader.Relayed(endpoint(words[2], words[4]), endpoint(words[3], words[5])),
            end + 2)
        : new Reading.Malformed("its line cannot be read");
  }

  private static ProxyHeader.Endpoint endpoint(String address, String port) {
    return new ProxyHeader.Endpoint(address, Integer.parseInt(port));
  }

  private static boolean isPort(String text) {
    return PORT.matcher(text).matches() && Integer.parseInt(text) <= 0xffff;
  }

  private static boolean isIpv4(String text) {
    return IPV4.matcher(text).matches();
  }

  /// RFC 4291 section 2.2, all three forms.
  private static boolean isIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text) == IPV6_GROUPS;
    }
    int before = gap == 0 ? 0 : groups(text.substring(0, gap));
    int after = gap + 2 == text.length() ? 0 : groups(text.substring(gap + 2));
    return before >= 0 && after >= 0 && before + after < IPV6_GROUPS;
  }

  /// How many groups of 16 bits; -1 when they are none.
  private static int groups(String text) {
    String[] parts = text.split(":", -1);
    int count = 0;
    for (int i = 0; i < parts.length; i++) {
      if (i == parts.length - 1 && isIpv4(parts[i])) {
        count += 2;
      } else if (IPV6_GROUP.matcher(parts[i]).matches()) {
        count++;
      } else {
        return -1;
      }
    }
    return count;
  }

  private static Reading binary(ByteBuffer bytes) {
    int have = bytes.remaining();
    if (have < FIXED_BYTES) {
      return new Reading.Incomplete(FIXED_BYTES - have);
    }
    int versionAndCommand = bytes.get(12) & 0xff;
    int family = bytes.get(13) & 0xff;
    int whole = FIXED_BYTES + (bytes.getShort(14) & 0xffff);
    if (versionAndCommand >>> 4 != 2 || (versionAndCommand & 0xf) > 1) {
      return new Reading.Malformed("it is of a version or for a command that does not exist");
    }
    if (whole > MAX_BYTES) {
      return new Reading.Malformed("it is longer than " + MAX_BYTES + " bytes");
    }
    boolean relayed = (versionAndCommand & 0xf) == 1 && family != 0;
    int addresses = family == 0x11 ? IPV4_BYTES : IPV6_BYTES;
    if (relayed && family != 0x11 && family != 0x21) {
      return new Reading.Malformed("its client did not come by TCP");
    }
    if (relayed && whole < FIXED_BYTES + addresses) {
      return new Reading.Malformed("it is too short for its addresses");
    }
    if (have < whole) {
      return new Reading.Incomplete(whole - have);
    }
    return new Reading.Complete(
        relayed ? relayed(bytes, (addresses - 4) / 2) : new ProxyHeader.Itself(), whole);
  }

  private static ProxyHeader relayed(ByteBuffer bytes, int addressBytes) {
    int ports = FIXED_BYTES + 2 * addressBytes;
    return new ProxyHeader.Relayed(
        new ProxyHeader.Endpoint(
            text(bytes, FIXED_BYTES, addressBytes), bytes.getShort(ports) & 0xffff),
        new ProxyHeader.Endpoint(
            text(bytes, FIXED_BYTES + addressBytes, addressBytes),
            bytes.getShort(ports + 2) & 0xffff));
  }

  private static String text(ByteBuffer bytes, int at, int length) {
    StringBuilder text = new StringBuilder();
    if (length == 4) {
      for (int i = 0; i < length; i++) {
        text.append(i == 0 ? "" : ".").append(bytes.get(at + i) & 0xff);
      }
    } else {
      for (int i = 0; i < length; i += 2) {
        text.append(i == 0 ? "" : ":").append(Integer.toHexString(bytes.getShort(at + i) & 0xffff));
      }
    }
    return text.toString();
  }
}
