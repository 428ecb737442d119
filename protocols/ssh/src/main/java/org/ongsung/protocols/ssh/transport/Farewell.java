package org.ongsung.protocols.ssh.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.sshd.common.SshConstants;

/// What somebody is told who is turned away before any key is exchanged: an identification and an
/// unencrypted `SSH_MSG_DISCONNECT` (RFC 4253 sections 4.2, 6 and 11.1), which clients show.
final class Farewell {
  private static final int BLOCK_BYTES = 8;
  private static final int LEAST_PADDING_BYTES = 4;

  private final byte[] bytes;

  /// @param identification the server's, such as `SSH-2.0-Example`
  /// @param text one line
  Farewell(String identification, String text) {
    byte[] line = (identification + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] said = text.getBytes(StandardCharsets.UTF_8);
    int payload = 1 + 4 + 4 + said.length + 4;
    int padding = BLOCK_BYTES - (4 + 1 + payload) % BLOCK_BYTES;
    padding = padding < LEAST_PADDING_BYTES ? padding + BLOCK_BYTES : padding;
    ByteBuffer all = ByteBuffer.allocate(line.length + 4 + 1 + payload + padding);
    all.put(line).putInt(1 + payload + padding).put((byte) padding);
    all.put(SshConstants.SSH_MSG_DISCONNECT);
    all.putInt(SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS);
    all.putInt(said.length).put(said).putInt(0);
    this.bytes = all.array();
  }

  /// All of it, to be written.
  ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes);
  }
}
