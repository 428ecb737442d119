package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.server.running.Supervisor;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;

class SupervisorTest {
  @TempDir Path folder;

  private static Supervisor at(String socket) {
    return Supervisor.of(Map.of("NOTIFY_SOCKET", socket));
  }

  @Test
  void itIsToldInOneDatagramEach() {
    Path socket = folder.resolve("notify");
    try (RunningProgram manager = listening("UNIX-RECV:" + socket)) {
      Deadlines.await("socat listens", () -> java.nio.file.Files.exists(socket));
      at(socket.toString()).ready();
      manager.awaitOutput("READY=1", Deadlines.ACTION);
      at(socket.toString()).stopping();
      manager.awaitOutput("STOPPING=1", Deadlines.ACTION);
    }
  }

  @Test
  void aNameThatIsNoFileWorksToo() {
    String name = "ongsung-test-" + ProcessHandle.current().pid();
    try (RunningProgram manager = listening("ABSTRACT-RECV:" + name)) {
      Deadlines.await(
          "it is told",
          () -> {
            at("@" + name).ready();
            return manager.stdout().contains("READY=1");
          });
      assertThat(manager.alive()).isTrue();
    }
  }

  @Test
  void theGatewayTellsThatItListensAndThatItStops() throws Exception {
    Path socket = folder.resolve("notify");
    try (RunningProgram manager = listening("UNIX-RECV:" + socket);
        Installation ongsung = Installation.prepared()) {
      Deadlines.await("socat listens", () -> java.nio.file.Files.exists(socket));
      try (RunningProgram server =
          ongsung.program("serve").environment("NOTIFY_SOCKET", socket.toString()).start()) {
        manager.awaitOutput("READY=1", Deadlines.SERVICE);
        for (int port : new int[] {ongsung.sshPort(), ongsung.httpPort()}) {
          new Socket(InetAddress.getLoopbackAddress(), port).close();
        }
        server.signal("TERM");
        manager.awaitOutput("STOPPING=1", Deadlines.SERVICE);
        server.await(Deadlines.SERVICE);
      }
    }
  }

  private static RunningProgram listening(String address) {
    return Program.of("socat", "-u", address, "STDOUT").start();
  }

  @Test
  void nobodyIsToldWhereThereIsNobody() {
    assertThatCode(
            () -> {
              Supervisor.of(Map.of()).ready();
              at("").ready();
              at("vsock:2:1234").ready();
              at(folder.resolve("gone").toString()).ready();
              at("/" + "x".repeat(200)).ready();
            })
        .doesNotThrowAnyException();
  }
}
