package org.ongsung.fastcgi.wire;

/// The body of `FCGI_END_REQUEST` (section 5.5): `application status, 4 | protocol status |
/// reserved, 3`.
///
/// @param applicationStatus like a program's exit status
/// @param protocolStatusCode 0 to 255; see [ProtocolStatus#of]
public record EndRequest(int applicationStatus, int protocolStatusCode) {
  /// How many bytes it takes.
  public static final int BYTES = 8;

  /// Reads it from the content of a record, which must have [#BYTES].
  public static EndRequest read(byte[] content) {
    if (content.length != BYTES) {
      throw new IllegalArgumentException("an end-request body has 8 bytes, not " + content.length);
    }
    return new EndRequest(java.nio.ByteBuffer.wrap(content).getInt(), content[4] & 0xff);
  }
}
