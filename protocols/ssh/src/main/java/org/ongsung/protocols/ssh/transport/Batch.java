package org.ongsung.protocols.ssh.transport;

import java.nio.ByteBuffer;
import org.apache.sshd.common.util.Readable;

/// What one read brought: bytes that a reader may take in portions of its choosing.
///
/// Backed by the loop's shared read buffer (valid only until `messageReceived` returns, and only on
/// the loop) or by an array of its own ([#copyOfRest]).
final class Batch implements Readable {

  private final ByteBuffer bytes;
  private final int end;

  Batch(ByteBuffer bytes) {
    this.bytes = bytes;
    this.end = bytes.limit();
  }

  /// Shows a reader only the next `count` bytes, or all that are left where there are fewer.
  Batch portion(int count) {
    bytes.limit((int) Math.min(end, (long) bytes.position() + count));
    return this;
  }

  /// Shows a reader all bytes that are left.
  Batch whole() {
    bytes.limit(end);
    return this;
  }

  /// How many bytes have not been taken yet, inside and outside the portion shown.
  int left() {
    return end - bytes.position();
  }

  /// The bytes not yet taken, in an array of their own.
  Batch copyOfRest() {
    byte[] rest = new byte[left()];
    whole();
    bytes.get(rest);
    return new Batch(ByteBuffer.wrap(rest));
  }

  @Override
  public int available() {
    return bytes.remaining();
  }

  @Override
  public void getRawBytes(byte[] data, int offset, int len) {
    bytes.get(data, offset, len);
  }
}
