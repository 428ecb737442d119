package org.ongsung.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
  /// Another process that runs tests: prints some ports of its own.
  static final class Another {
    private Another() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(Ports.free() + " " + Ports.free());
      System.out.flush();
      int _ = System.in.read();
    }
  }

  @Test
  void noPortIsGivenTwiceUntilMostOthersWere() {
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      assertThat(given.add(Ports.free())).isTrue();
    }
  }

  @Test
  void aPortThatIsTakenIsNotGiven() throws IOException {
    int next = Ports.free() + 1;
    try (ServerSocket _ = new ServerSocket(next, 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.free()).isNotEqualTo(next);
      assertThat(Ports.free(20)).isNotEqualTo(next);
    }
  }

  @Test
  void anotherProcessGivesOthers() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    int own = Ports.free();
    try (RunningProgram another =
        Program.of(java, "-cp", System.getProperty("java.class.path"), Another.class.getName())
            .start()) {
      another.awaitOutput("\n", Deadlines.SERVICE);
      List<Integer> theirs =
          List.of(another.stdout().strip().split(" ", -1)).stream().map(Integer::valueOf).toList();
      assertThat(theirs).hasSize(2).doesNotHaveDuplicates();
      assertThat(theirs).allMatch(port -> (port - 20_000) / 200 != (own - 20_000) / 200);
    }
  }
}
