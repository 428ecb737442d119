package org.ongsung.wire.sftp;

import java.util.Arrays;

/// Finds the packets in one direction of the stream, however it is cut, and hands on the head of
/// each.
///
/// ```
/// uint32 length | byte type | length - 1 bytes
///                 \____ the head: all of it, but file data ____/
/// ```
///
/// A head that lies whole in the bytes shown is handed on in place; one that is cut is collected
/// first. The rest of a packet, file data above all, is passed over without being looked at.
final class PacketFramer {
  /// Takes the head of a packet.
  interface Heads {
    /// How many bytes of a packet of this type are wanted, its type's byte included.
    int wanted(int type, int packetBytes) throws SftpProtocolException;

    /// One packet's head, valid during the call.
    ///
    /// @param packetBytes the length of the whole packet without its length field
    void head(byte[] bytes, int offset, int length, int packetBytes) throws SftpProtocolException;
  }

  private final int maxPacketBytes;
  private final Heads heads;
  private byte[] collected = new byte[512];
  private int collectedBytes;
  private int lengthBytes;
  private int packetBytes;
  private int wanted;
  private int skip;

  PacketFramer(int maxPacketBytes, Heads heads) {
    this.maxPacketBytes = maxPacketBytes;
    this.heads = heads;
  }

  void feed(byte[] bytes, int offset, int length) throws SftpProtocolException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (skip > 0) {
        int skipped = Math.min(skip, end - at);
        skip -= skipped;
        at += skipped;
      } else if (lengthBytes < 4) {
        at = takeLength(bytes, at, end);
      } else {
        at = takeHead(bytes, at, end);
      }
    }
  }

  private int takeLength(byte[] bytes, int from, int end) throws SftpProtocolException {
    int at = from;
    while (at < end && lengthBytes < 4) {
      packetBytes = packetBytes << 8 | (bytes[at++] & 0xFF);
      lengthBytes++;
    }
    if (lengthBytes == 4 && (packetBytes < 1 || packetBytes > maxPacketBytes)) {
      throw new SftpProtocolException(
          "an SFTP packet is empty or longer than " + maxPacketBytes + " bytes");
    }
    return at;
  }

  private int takeHead(byte[] bytes, int at, int end) throws SftpProtocolException {
    if (wanted == 0) {
      wanted = Math.min(packetBytes, heads.wanted(bytes[at] & 0xFF, packetBytes));
    }
    if (collectedBytes == 0 && end - at >= wanted) {
      finishHead(bytes, at);
      return at + wantedThenReset();
    }
    int taken = Math.min(wanted - collectedBytes, end - at);
    collect(bytes, at, taken);
    if (collectedBytes == wanted) {
      finishHead(collected, 0);
      wantedThenReset();
    }
    return at + taken;
  }

  private void finishHead(byte[] bytes, int offset) throws SftpProtocolException {
    heads.head(bytes, offset, wanted, packetBytes);
  }

  private int wantedThenReset() {
    int head = wanted;
    skip = packetBytes - wanted;
    wanted = 0;
    packetBytes = 0;
    lengthBytes = 0;
    collectedBytes = 0;
    return head;
  }

  private void collect(byte[] bytes, int at, int count) {
    if (collectedBytes + count > collected.length) {
      collected = Arrays.copyOf(collected, Math.max(collectedBytes + count, collected.length * 2));
    }
    System.arraycopy(bytes, at, collected, collectedBytes, count);
    collectedBytes += count;
  }
}
