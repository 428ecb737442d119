package org.ongsung.wire.sftp;

import org.jspecify.annotations.Nullable;

/// The attributes that a request sets; null where it leaves one alone.
///
/// Source: draft-ietf-secsh-filexfer-02, section 5.
///
/// @param size in bytes, unsigned
/// @param uid set together with `gid`
/// @param permissions the mode bits as POSIX has them
/// @param accessedSeconds since 1970-01-01T00:00:00Z, set together with `modifiedSeconds`
/// @param extended how many vendor attributes were sent beside these
public record SftpAttributes(
    @Nullable Long size,
    @Nullable Integer uid,
    @Nullable Integer gid,
    @Nullable Integer permissions,
    @Nullable Long accessedSeconds,
    @Nullable Long modifiedSeconds,
    int extended) {

  private static final int SIZE = 0x1;
  private static final int UID_GID = 0x2;
  private static final int PERMISSIONS = 0x4;
  private static final int TIMES = 0x8;
  private static final int EXTENDED = 0x80000000;

  static SftpAttributes read(PacketReader packet) throws SftpProtocolException {
    int flags = packet.uint32();
    Long size = has(flags, SIZE) ? (Long) packet.uint64() : null;
    Integer uid = has(flags, UID_GID) ? (Integer) packet.uint32() : null;
    Integer gid = has(flags, UID_GID) ? (Integer) packet.uint32() : null;
    Integer permissions = has(flags, PERMISSIONS) ? (Integer) packet.uint32() : null;
    Long accessed = has(flags, TIMES) ? (Long) Integer.toUnsignedLong(packet.uint32()) : null;
    Long modified = has(flags, TIMES) ? (Long) Integer.toUnsignedLong(packet.uint32()) : null;
    int extended = has(flags, EXTENDED) ? packet.uint32() : 0;
    return new SftpAttributes(size, uid, gid, permissions, accessed, modified, extended);
  }

  private static boolean has(int flags, int bit) {
    return (flags & bit) != 0;
  }

  /// In a few words: `size=0 mode=0644 owner=1000:1000 mtime=1700000000`.
  public String describe() {
    StringBuilder words = new StringBuilder();
    if (size != null) {
      words.append(" size=").append(Long.toUnsignedString(size));
    }
    if (permissions != null) {
      words.append(" mode=0").append(Integer.toOctalString(permissions & 07777));
    }
    if (uid != null && gid != null) {
      words.append(" owner=").append(Integer.toUnsignedString(uid));
      words.append(':').append(Integer.toUnsignedString(gid));
    }
    if (modifiedSeconds != null) {
      words.append(" mtime=").append(modifiedSeconds);
    }
    if (extended != 0) {
      words.append(" extended=").append(Integer.toUnsignedString(extended));
    }
    return words.isEmpty() ? "" : words.substring(1);
  }
}
