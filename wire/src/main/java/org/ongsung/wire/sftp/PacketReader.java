package org.ongsung.wire.sftp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ongsung.wire.text.Utf8Decoder;

/// Reads the fields of one packet from its bytes, big endian; owns none of them and is used again
/// for the next packet.
final class PacketReader {
  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private final int maxNameBytes;

  PacketReader(int maxNameBytes) {
    this.maxNameBytes = maxNameBytes;
  }

  void reset(byte[] packet, int offset, int length) {
    bytes = packet;
    at = offset;
    end = offset + length;
  }

  int remaining() {
    return end - at;
  }

  int uint8() throws SftpProtocolException {
    need(1);
    return bytes[at++] & 0xFF;
  }

  int uint32() throws SftpProtocolException {
    need(4);
    int value =
        (bytes[at] & 0xFF) << 24
            | (bytes[at + 1] & 0xFF) << 16
            | (bytes[at + 2] & 0xFF) << 8
            | (bytes[at + 3] & 0xFF);
    at += 4;
    return value;
  }

  long uint64() throws SftpProtocolException {
    return (long) uint32() << 32 | Integer.toUnsignedLong(uint32());
  }

  /// A length-prefixed name as text.
  String name() throws SftpProtocolException {
    int length = uint32();
    if (length < 0 || length > maxNameBytes) {
      throw new SftpProtocolException("a file name is longer than " + maxNameBytes + " bytes");
    }
    need(length);
    String text = Utf8Decoder.decode(bytes, at, length);
    at += length;
    return text;
  }

  /// The length-prefixed text that ends a status, of which at most `maxChars` are kept. Old servers
  /// leave it out, and the framer may not have kept all of it.
  String message(int maxChars) throws SftpProtocolException {
    if (remaining() < 4) {
      return "";
    }
    int length = Math.min(uint32() & Integer.MAX_VALUE, remaining());
    String text = Utf8Decoder.decode(bytes, at, Math.min(length, maxChars * 4));
    at += length;
    return text.length() <= maxChars ? text : text.substring(0, maxChars);
  }

  /// The handle that `handles` has under the bytes that follow, or null.
  @Nullable OpenHandle handle(HandleTable handles) throws SftpProtocolException {
    int length = handleLength();
    OpenHandle handle = handles.find(bytes, at, length);
    at += length;
    return handle;
  }

  /// The bytes of a handle.
  byte[] handleBytes() throws SftpProtocolException {
    int length = handleLength();
    byte[] handle = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return handle;
  }

  private int handleLength() throws SftpProtocolException {
    int length = uint32();
    if (length < 0 || length > SftpLimits.MAX_HANDLE_BYTES) {
      throw new SftpProtocolException("a handle is longer than 256 bytes");
    }
    need(length);
    return length;
  }

  private void need(int count) throws SftpProtocolException {
    if (count < 0 || count > end - at) {
      throw new SftpProtocolException("an SFTP packet is shorter than what it holds");
    }
  }
}
