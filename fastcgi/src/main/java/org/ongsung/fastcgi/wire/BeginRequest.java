package org.ongsung.fastcgi.wire;

/// The body of `FCGI_BEGIN_REQUEST` (section 5.1): `role, 2 | flags | reserved, 5`.
///
/// @param roleCode 0 to 65,535; see [Role#of]
/// @param keepConnection whether the application leaves the connection open afterwards
public record BeginRequest(int roleCode, boolean keepConnection) {
  /// How many bytes it takes.
  public static final int BYTES = 8;

  static final int KEEP_CONNECTION = 1;

  /// Reads it from the content of a record, which must have [#BYTES].
  public static BeginRequest read(byte[] content) {
    if (content.length != BYTES) {
      throw new IllegalArgumentException("a begin-request body has 8 bytes, not " + content.length);
    }
    return new BeginRequest(
        ((content[0] & 0xff) << 8) | (content[1] & 0xff), (content[2] & KEEP_CONNECTION) != 0);
  }
}
