package org.ongsung.wire.sftp;

/// What one SFTP channel may make the observer hold. Past any of these the channel is refused,
/// because what cannot be followed cannot be recorded.
///
/// @param maxPacketBytes a packet's length field, inclusive
/// @param maxNameBytes a path or a handle's path, inclusive
/// @param maxOutstandingRequests requests without a response, inclusive
/// @param maxHandles files and directories open at once, inclusive
/// @param maxMessageChars the text of a server's status message, longer ones are cut
public record SftpLimits(
    int maxPacketBytes,
    int maxNameBytes,
    int maxOutstandingRequests,
    int maxHandles,
    int maxMessageChars) {
  /// OpenSSH's own 256 KiB packets with 1 KiB of slack, names of 8 KiB, 4096 requests, 4096
  /// handles, messages of 512 characters.
  public static final SftpLimits DEFAULT =
      new SftpLimits((256 + 1) << 10, 8 << 10, 4096, 4096, 512);

  /// A handle is at most this long (draft-ietf-secsh-filexfer-02, section 6.3); not for anyone to
  /// configure.
  static final int MAX_HANDLE_BYTES = 256;

  public SftpLimits {
    if (maxPacketBytes < 1024
        || maxNameBytes < 1
        || maxOutstandingRequests < 1
        || maxHandles < 1
        || maxMessageChars < 1) {
      throw new IllegalArgumentException("a packet needs 1024 bytes, every other limit 1 at least");
    }
  }
}
