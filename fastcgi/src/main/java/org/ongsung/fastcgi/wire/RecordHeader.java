package org.ongsung.fastcgi.wire;

/// The eight bytes before each record's content (section 3.3):
///
///     version (1) | type | request id, 2 | content length, 2 | padding length | reserved
///
/// Numbers are big-endian and unsigned.
///
/// @param typeCode 0 to 255; see [#type]
/// @param requestId 0 for management records
/// @param contentLength 0 to 65,535
/// @param paddingLength 0 to 255
public record RecordHeader(int typeCode, int requestId, int contentLength, int paddingLength) {
  public static final int VERSION = 1;

  /// How many bytes a header takes.
  public static final int BYTES = 8;

  /// The request id of records that are about the connection rather than a request.
  public static final int MANAGEMENT = 0;

  public static final int MAX_CONTENT_BYTES = 65_535;

  public RecordHeader {
    unsigned(typeCode, 0xff, "type");
    unsigned(requestId, 0xffff, "request id");
    unsigned(contentLength, MAX_CONTENT_BYTES, "content length");
    unsigned(paddingLength, 0xff, "padding length");
  }

  /// What it is for, or null when the specification knows no such type.
  public @org.jspecify.annotations.Nullable RecordType type() {
    return RecordType.of(typeCode);
  }

  private static void unsigned(int value, int most, String what) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(what + " " + value + " is not from 0 to " + most);
    }
  }
}
