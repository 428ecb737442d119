package org.ongsung.protocols.ssh.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `accept` that fails for want of descriptors, in a process of its own that may open few.
@Timeout(120)
class AcceptWithoutDescriptorsTest {

  /// An echo server that answers each line of its input with the CPU time it has used, in
  /// milliseconds.
  static final class Starved {

    public static void main(String[] arguments) throws Exception {
      RawServer.Events echo =
          new RawServer.Events() {
            @Override
            public void received(LoopSession session, byte[] bytes) {
              RawServer.write(session, bytes);
            }
          };
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      // While libraries and classes can still be opened.
      cpuMillis();
      warmUp(echo);
      try (RawServer server = new RawServer(TransportLimits.forCores(1), echo)) {
        System.out.println("= " + server.address.getPort());
        while (in.readLine() != null) {
          System.out.println("= " + cpuMillis() + " " + server.loops.connections());
        }
      }
    }

    private static void warmUp(RawServer.Events echo) throws Exception {
      try (RawServer server = new RawServer(TransportLimits.forCores(1), echo)) {
        try (Socket socket = server.connect()) {
          socket.getOutputStream().write('!');
          socket.getInputStream().read();
        }
        server.nextClosed();
        // A class path of folders opens a file for each class: load the timers' too.
        server.loops.next().schedule(Duration.ZERO, () -> {}).cancel();
      }
    }

    private static long cpuMillis() {
      return ((com.sun.management.OperatingSystemMXBean)
                  ManagementFactory.getOperatingSystemMXBean())
              .getProcessCpuTime()
          / 1_000_000;
    }
  }

  private static Process starved() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            "sh",
            "-c",
            "ulimit -n 100; exec \"$0\" -Xmx256m -cp \"$1\" \"$2\"",
            java,
            System.getProperty("java.class.path"),
            Starved.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void theListenerRestsInsteadOfSpinningAndServesAgainLater() throws Exception {
    Process process = starved();
    List<Socket> sockets = new ArrayList<>();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        var in = process.outputWriter(StandardCharsets.UTF_8)) {
      int port = Integer.parseInt(answer(out)[1]);
      for (int i = 0; i < 200; i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
      // It has taken those that it could.
      long[] before = ask(in, out);
      while (before[1] < 20) {
        before = ask(in, out);
      }
      Thread.sleep(3_000);
      long[] after = ask(in, out);
      assertThat(after[1]).isLessThan(100);
      assertThat(after[0] - before[0]).as("milliseconds of CPU in three seconds").isLessThan(1_500);
      for (Socket socket : sockets) {
        socket.close();
      }
      try (Socket later = new Socket(InetAddress.getLoopbackAddress(), port)) {
        later.setSoTimeout(60_000);
        later.getOutputStream().write('!');
        assertThat(later.getInputStream().read()).isEqualTo('!');
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
      process.destroy();
      process.waitFor();
    }
  }

  private static long[] ask(java.io.Writer in, BufferedReader out)
      throws IOException, InterruptedException {
    Thread.sleep(20);
    in.write("?\n");
    in.flush();
    String[] words = answer(out);
    return new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])};
  }

  /// The words of the next line that is not of the log.
  private static String[] answer(BufferedReader out) throws IOException {
    String line = out.readLine();
    while (!line.startsWith("= ")) {
      line = out.readLine();
    }
    return line.split(" ");
  }
}
