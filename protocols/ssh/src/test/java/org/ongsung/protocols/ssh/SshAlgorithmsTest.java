package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.sshd.common.SshConstants;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;

/// What the gateway offers on either leg, as it stands on the wire before anything is agreed on
/// (RFC 4253 section 7.1).
class SshAlgorithmsTest {
  private static final int LENGTHS_BYTES = 5; // of the packet and of its padding
  private static final int COOKIE_BYTES = 16;
  private static final String[] FIRST = {"mlkem768x25519-sha256", "curve25519-sha256"};

  @Test
  void peopleAreOfferedTheExchangeThatWithstandsQuantumComputersFirst() throws IOException {
    try (SshGateway gateway = new SshGateway();
        Socket person = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      assertThat(keyExchangesOffered(person)).startsWith(FIRST);
    }
  }

  @Test
  void targetsAreOfferedTheExchangeThatWithstandsQuantumComputersFirst() throws IOException {
    try (OpenSshServer other = OpenSshServer.builder().start();
        SshGateway gateway = new SshGateway();
        ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      listening.setSoTimeout((int) Deadlines.ACTION.toMillis());
      gateway.target(
          "web-1",
          "127.0.0.1:" + listening.getLocalPort(),
          other,
          Set.of("root"),
          other.hostKeys());
      try (RunningProgram _ = gateway.ssh("alice+web-1", "true").start();
          Socket target = listening.accept()) {
        assertThat(keyExchangesOffered(target)).startsWith(FIRST);
      }
    }
  }

  private static List<String> keyExchangesOffered(Socket socket) throws IOException {
    socket.setSoTimeout((int) Deadlines.ACTION.toMillis());
    socket.getOutputStream().write("SSH-2.0-reader\r\n".getBytes(StandardCharsets.US_ASCII));
    DataInputStream in = new DataInputStream(socket.getInputStream());
    for (byte next = in.readByte(); next != '\n'; next = in.readByte()) {
      // the identification
    }
    in.skipNBytes(LENGTHS_BYTES);
    assertThat(in.readByte()).isEqualTo(SshConstants.SSH_MSG_KEXINIT);
    in.skipNBytes(COOKIE_BYTES);
    byte[] names = in.readNBytes(in.readInt());
    return List.of(new String(names, StandardCharsets.US_ASCII).split(",", -1));
  }
}
