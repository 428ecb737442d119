package org.ongsung.fastcgi.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Writes records. Every buffer it gives is ready to be read and belongs to the caller. No padding
/// is made; peers must take any (section 3.3).
public final class Records {
  private static final int END_BYTES = 2 * RecordHeader.BYTES + EndRequest.BYTES;

  private Records() {}

  /// Puts a header where `out` stands.
  public static void putHeader(ByteBuffer out, RecordType type, int requestId, int contentLength) {
    out.put((byte) RecordHeader.VERSION)
        .put((byte) type.code())
        .putShort((short) requestId)
        .putShort((short) contentLength)
        .put((byte) 0)
        .put((byte) 0);
  }

  /// A record with this content.
  public static ByteBuffer record(RecordType type, int requestId, byte[] content) {
    if (content.length > RecordHeader.MAX_CONTENT_BYTES) {
      throw new IllegalArgumentException("too long for one record: " + content.length);
    }
    ByteBuffer out = ByteBuffer.allocate(RecordHeader.BYTES + content.length);
    putHeader(out, type, requestId, content.length);
    return out.put(content).flip();
  }

  public static ByteBuffer beginRequest(int requestId, Role role, boolean keepConnection) {
    byte[] body = new byte[BeginRequest.BYTES];
    body[1] = (byte) role.code();
    body[2] = (byte) (keepConnection ? BeginRequest.KEEP_CONNECTION : 0);
    return record(RecordType.BEGIN_REQUEST, requestId, body);
  }

  public static ByteBuffer abortRequest(int requestId) {
    return record(RecordType.ABORT_REQUEST, requestId, new byte[0]);
  }

  /// Ends a request that has sent nothing, or whose streams have ended.
  public static ByteBuffer endRequest(int requestId, int applicationStatus, ProtocolStatus how) {
    ByteBuffer out = ByteBuffer.allocate(RecordHeader.BYTES + EndRequest.BYTES);
    putEndRequest(out, requestId, applicationStatus, how);
    return out.flip();
  }

  /// How many bytes [#putEnd] puts.
  public static int endBytes() {
    return END_BYTES;
  }

  /// Puts the end of standard output and of the request.
  public static void putEnd(ByteBuffer out, int requestId, int applicationStatus) {
    putHeader(out, RecordType.STDOUT, requestId, 0);
    putEndRequest(out, requestId, applicationStatus, ProtocolStatus.REQUEST_COMPLETE);
  }

  private static void putEndRequest(
      ByteBuffer out, int requestId, int applicationStatus, ProtocolStatus how) {
    putHeader(out, RecordType.END_REQUEST, requestId, EndRequest.BYTES);
    out.putInt(applicationStatus).put((byte) how.code()).put(new byte[3]);
  }

  /// The answer to a management record of a type that is not known here (section 4.2).
  public static ByteBuffer unknownType(int typeCode) {
    byte[] body = new byte[8];
    body[0] = (byte) typeCode;
    return record(RecordType.UNKNOWN_TYPE, RecordHeader.MANAGEMENT, body);
  }

  /// A piece of a stream as records: headers of their own, and views of `content`, which is taken
  /// whole and must stay as it is until they are written. Nothing for no content, as an empty
  /// record would end the stream.
  public static List<ByteBuffer> stream(RecordType type, int requestId, ByteBuffer content) {
    List<ByteBuffer> out = new ArrayList<>(2);
    while (content.hasRemaining()) {
      int length = Math.min(RecordHeader.MAX_CONTENT_BYTES, content.remaining());
      ByteBuffer head = ByteBuffer.allocate(RecordHeader.BYTES);
      putHeader(head, type, requestId, length);
      out.add(head.flip());
      out.add(content.slice(content.position(), length));
      content.position(content.position() + length);
    }
    return out;
  }

  /// The empty record that ends a stream.
  public static ByteBuffer endOfStream(RecordType type, int requestId) {
    return record(type, requestId, new byte[0]);
  }
}
