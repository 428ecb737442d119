package org.ongsung.protocols.ssh;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// An SFTP server (draft-ietf-secsh-filexfer-02) on a disk that is full for everybody but root: it
/// makes files and writes none. A subsystem of a real sshd.
final class FullSftpTarget {
  private FullSftpTarget() {}

  /// What runs it as the target's SFTP.
  static String command() throws Exception {
    Path classes =
        Path.of(FullSftpTarget.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return Path.of(System.getProperty("java.home"), "bin", "java")
        + " -Xshare:auto -cp "
        + classes
        + " "
        + FullSftpTarget.class.getName();
  }

  public static void main(String[] arguments) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
    DataOutputStream out = new DataOutputStream(System.out);
    try {
      while (true) {
        byte[] packet = new byte[in.readInt()];
        in.readFully(packet);
        ByteBuffer request = ByteBuffer.wrap(packet);
        byte[] answer = answer(request.get() & 0xFF, request.getInt());
        out.writeInt(answer.length);
        out.write(answer);
        out.flush();
      }
    } catch (EOFException e) {
      // the gateway left
    }
  }

  private static byte[] answer(int type, int id) {
    return switch (type) {
      case 1 ->
          ByteBuffer.allocate(33)
              .put((byte) 2)
              .putInt(3)
              .putInt(19)
              .put("statvfs@openssh.com".getBytes(StandardCharsets.US_ASCII))
              .putInt(1)
              .put((byte) '2')
              .array();
      case 3 -> start(102, id, 5).putInt(1).put((byte) 'h').array();
      case 4, 10, 13 -> status(id, 0);
      case 6 -> status(id, 4);
      case 7 -> status(id, 2);
      case 200 ->
          start(201, id, 88)
              .putLong(4_096)
              .putLong(4_096)
              .putLong(1_000)
              .putLong(50)
              .putLong(0)
              .putLong(100)
              .putLong(90)
              .putLong(90)
              .putLong(1)
              .putLong(0)
              .putLong(255)
              .array();
      default -> status(id, 8);
    };
  }

  private static ByteBuffer start(int type, int id, int more) {
    return ByteBuffer.allocate(5 + more).put((byte) type).putInt(id);
  }

  private static byte[] status(int id, int code) {
    return start(101, id, 12).putInt(code).putInt(0).putInt(0).array();
  }
}
