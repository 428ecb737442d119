package org.ongsung.wire.telnet;

import java.util.Arrays;

/// Writes one direction of a Telnet connection (RFC 854), resumable at any byte.
///
/// In data a 255 is doubled. Unless [binary][#binary], a CR that no LF follows is followed by a
/// NUL: the CR leaves at once, and the NUL before whatever comes next, or by [#finishLine].
///
/// For one thread at a time, but for [#binary], which comes from any and counts from the next data
/// on.
public final class TelnetEncoder {
  private boolean afterCr;
  private volatile boolean binary;

  /// Whether this direction is binary (RFC 856) from the next data on.
  public void binary(boolean now) {
    binary = now;
  }

  /// Encodes data.
  public byte[] data(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int plain = afterCr ? 0 : Telnet.plain(bytes, offset, end);
    if (plain == length) {
      return Arrays.copyOfRange(bytes, offset, end);
    }
    byte[] out = new byte[(length - plain) * 2 + plain + 1];
    int n = 0;
    for (int at = offset; at < end; ) {
      plain = afterCr ? 0 : Telnet.plain(bytes, at, end);
      System.arraycopy(bytes, at, out, n, plain);
      n += plain;
      at += plain;
      if (at < end) {
        n = encode(bytes[at++], out, n);
      }
    }
    return Arrays.copyOf(out, n);
  }

  private int encode(byte b, byte[] out, int at) {
    int n = at;
    if (afterCr && b != '\n') {
      out[n++] = 0;
    }
    afterCr = b == '\r' && !binary;
    out[n++] = b;
    if (b == (byte) Telnet.IAC) {
      out[n++] = b;
    }
    return n;
  }

  /// What completes a CR that stands at the end of what was written: nothing, or a NUL. For a
  /// direction whose CR is a key by itself, so that the peer need not wait for what follows.
  public byte[] finishLine() {
    byte[] out = afterCr ? new byte[] {0} : new byte[0];
    afterCr = false;
    return out;
  }

  /// A command without more, such as [Telnet#IP].
  public static byte[] command(int command) {
    return new byte[] {(byte) Telnet.IAC, (byte) command};
  }

  /// WILL, WONT, DO or DONT of an option.
  public static byte[] negotiation(int verb, int option) {
    return new byte[] {(byte) Telnet.IAC, (byte) verb, (byte) option};
  }

  /// A subnegotiation; a 255 in `content` is doubled here.
  public static byte[] subnegotiation(int option, byte[] content) {
    byte[] out = new byte[content.length * 2 + 5];
    int n = 0;
    out[n++] = (byte) Telnet.IAC;
    out[n++] = (byte) Telnet.SB;
    out[n++] = (byte) option;
    for (byte b : content) {
      out[n++] = b;
      if (b == (byte) Telnet.IAC) {
        out[n++] = b;
      }
    }
    out[n++] = (byte) Telnet.IAC;
    out[n++] = (byte) Telnet.SE;
    return Arrays.copyOf(out, n);
  }
}
