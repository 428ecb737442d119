package org.ongsung.vault;

import java.util.Arrays;

/// A secret in clear, wiped when closed. Printed only as a mark. Whoever takes one closes it.
public final class Secret implements AutoCloseable {
  /// The longest secret, in bytes, inclusive.
  public static final int MAX_BYTES = 65_536;

  private final byte[] bytes;

  /// Takes over `bytes`.
  public Secret(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("a secret has 1 to 65536 bytes");
    }
    this.bytes = bytes;
  }

  /// The bytes themselves, not a copy: they turn to zero at [#close].
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "Secret[…]";
  }
}
