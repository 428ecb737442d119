package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.ongsung.protocols.ssh.transport.TransportLimits;
import org.ongsung.testkit.Deadlines;

/// One address that takes all it can of the places of those who have not logged in.
class HalfOpenHandshakeRegressionTest {
  private static final int OF_ONE_ADDRESS = 3;

  private SshGateway gateway;
  private final List<Socket> sockets = new ArrayList<>();

  @BeforeEach
  void start() {
    gateway =
        new SshGateway(
            SshLimits.DEFAULT, TransportLimits.DEFAULT.withHandshakesPerAddress(OF_ONE_ADDRESS));
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    gateway.close();
  }

  private Socket connectFrom(String address) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setSoTimeout((int) Deadlines.ACTION.toMillis());
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    socket.connect(gateway.address);
    return socket;
  }

  @Test
  @DisplayName("As many as the limit stay, the next is told and closed, and other addresses go on")
  void oneAddress() throws Exception {
    for (int i = 0; i < OF_ONE_ADDRESS; i++) {
      Socket stays = connectFrom("127.0.0.2");
      assertThat(stays.getInputStream().read()).isEqualTo('S');
    }
    Socket past = connectFrom("127.0.0.2");
    past.getOutputStream().write("SSH-2.0-eager\r\n".getBytes(StandardCharsets.US_ASCII));
    String told = new String(past.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(told)
        .startsWith("SSH-2.0-Ongsung\r\n")
        .contains("Too many connections from your address have not logged in");
    assertThat(gateway.protocol().handshakes()).isEqualTo(OF_ONE_ADDRESS);
    try (RawSshClient other = new RawSshClient(gateway.port()).login("alice")) {
      assertThat(other.openSession()).isNotNegative();
    }
    Deadlines.await(
        "the ledger is told",
        () -> gateway.authenticator.asked.contains("turned away 127.0.0.2 ssh 1"));

    sockets.removeFirst().close();
    Deadlines.await("the place is free", () -> gateway.protocol().handshakes() < OF_ONE_ADDRESS);
    assertThat(connectFrom("127.0.0.2").getInputStream().read()).isEqualTo('S');
  }

  @Test
  @DisplayName("OpenSSH's client shows why")
  void shown() throws Exception {
    for (int i = 0; i < OF_ONE_ADDRESS; i++) {
      assertThat(connectFrom("127.0.0.1").getInputStream().read()).isEqualTo('S');
    }
    assertThat(gateway.ssh("alice+web-1", "true").run().expectExit(255).stderr())
        .contains("Too many connections from your address have not logged in");
  }

  @Test
  @DisplayName("Who has logged in does not count")
  void loggedIn() throws Exception {
    List<RawSshClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < OF_ONE_ADDRESS * 2; i++) {
        RawSshClient client = new RawSshClient(gateway.port()).login("alice");
        clients.add(client);
        assertThat(client.openSession()).isNotNegative();
      }
      assertThat(gateway.protocol().connections()).isEqualTo(OF_ONE_ADDRESS * 2);
    } finally {
      clients.forEach(RawSshClient::close);
    }
  }
}
