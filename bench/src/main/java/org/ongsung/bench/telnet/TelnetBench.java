package org.ongsung.bench.telnet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;

/// One key's echo, and bulk output, direct, through socat, and through Ongsung.
public final class TelnetBench {
  private static final Path ROOT = Path.of(System.getProperty("ongsung.root", "."));
  private static final int WARM_ROUNDS = 10;
  private static final String PASSWORD = "correct horse battery";

  private TelnetBench() {}

  /// A way to the target, and what was measured of it.
  private record Way(String name, int port, boolean logsIn, List<Long> nanos, List<Double> mib) {
    Way(String name, int port, boolean logsIn) {
      this(name, port, logsIn, new ArrayList<>(), new ArrayList<>());
    }

    double echo(double quantile) {
      long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
      return sorted[(int) Math.min(sorted.length - 1, sorted.length * quantile)] / 1_000.0;
    }

    double bulk() {
      double[] sorted = mib.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return sorted[sorted.length / 2];
    }
  }

  /// Runs it.
  public static void main(String[] arguments) throws Exception {
    int rounds = option(arguments, "--rounds", 5);
    int keys = option(arguments, "--keys", 2_000);
    int mib = option(arguments, "--mib", 64);
    Path folder = Folders.temporary("ongsung-bench-telnet");
    int socatPort = Ports.free();
    int telnetPort = Ports.free();
    try (EchoTarget target = new EchoTarget((long) mib << 20);
        RunningProgram socat =
            Program.of(
                    "socat",
                    "TCP-LISTEN:" + socatPort + ",bind=127.0.0.1,fork,reuseaddr,nodelay",
                    "TCP:127.0.0.1:" + target.port() + ",nodelay")
                .start();
        RunningProgram gate = gateway(folder, telnetPort, target.port())) {
      Ports.awaitListening(socatPort, Deadlines.ACTION);
      List<Way> ways =
          List.of(
              new Way("direct", target.port(), false),
              new Way("socat", socatPort, false),
              new Way("Ongsung", telnetPort, true));
      for (Way way : ways) {
        warmUp(way, keys, mib);
        way.nanos().clear();
        way.mib().clear();
      }
      for (int round = 0; round < rounds; round++) {
        for (Way way : ways) {
          measure(way, keys, mib);
        }
      }
      print(ways);
      if (!socat.alive() || !gate.alive()) {
        throw new IllegalStateException("a relay has died: " + gate.stderr());
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private static int option(String[] arguments, String name, int fallback) {
    int at = Arrays.asList(arguments).indexOf(name);
    return at < 0 ? fallback : Integer.parseInt(arguments[at + 1]);
  }

  private static RunningProgram gateway(Path folder, int telnetPort, int targetPort)
      throws IOException {
    Path config = folder.resolve("ongsung.yaml");
    Files.writeString(
        config,
        """
        data: data
        listen:
          ssh: 127.0.0.1:%d
          http: 127.0.0.1:%d
          telnet: 127.0.0.1:%d
        """
            .formatted(Ports.free(), Ports.free(), telnetPort));
    Path access = folder.resolve("access.yaml");
    Files.writeString(
        access,
        """
        users:
          - name: alice
            roles: [user]
            password: {plain: "%s"}
        targets:
          - name: echo
            protocol: telnet
            address: 127.0.0.1:%d
            accounts: [{name: any}]
        grants:
          - name: everything
            who: {users: [alice]}
            where: {targets: [echo]}
            as: [any]
            may: [shell]
        """
            .formatted(PASSWORD, targetPort));
    Program ongsung =
        Program.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-Djdk.pollerMode=1",
                "-jar",
                ROOT.resolve("server/target/ongsung-server.jar").toAbsolutePath().toString())
            .environment("ONGSUNG_CONFIG", config.toString())
            .in(folder)
            .within(Deadlines.SERVICE);
    RunningProgram serving = ongsung.and("serve").start();
    serving.awaitOutput("console ", Deadlines.SERVICE);
    ongsung.and("apply", "-f", access.toString()).run().expectSuccess();
    return serving;
  }

  /// A gateway that runs all day has compiled what a key needs.
  private static void warmUp(Way way, int keys, int mib) throws IOException {
    for (int i = 0; i < (way.logsIn() ? WARM_ROUNDS : 1); i++) {
      measure(way, keys, mib);
    }
  }

  private static void measure(Way way, int keys, int mib) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), way.port())) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      if (way.logsIn()) {
        await(in, "login:");
        send(out, "alice+echo\r\0");
        await(in, "Password:");
        send(out, PASSWORD + "\r\0");
      }
      await(in, EchoTarget.GREETING + "\r\n");
      for (int i = 0; i < keys; i++) {
        long start = System.nanoTime();
        out.write('a' + i % 26);
        if (in.read() < 0) {
          throw new IOException("closed");
        }
        way.nanos().add(System.nanoTime() - start);
      }
      long start = System.nanoTime();
      out.write('!');
      byte[] buffer = new byte[65_536];
      int n = in.read(buffer);
      while (n > 0 && buffer[n - 1] != '~') {
        n = in.read(buffer);
      }
      way.mib().add(mib / ((System.nanoTime() - start) / 1e9));
    }
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void await(InputStream in, String text) throws IOException {
    ByteArrayOutputStream came = new ByteArrayOutputStream();
    while (!came.toString(StandardCharsets.ISO_8859_1).endsWith(text)) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed before " + text + ": " + came);
      }
      came.write(b);
    }
  }

  private static void print(List<Way> ways) {
    Way relay = ways.get(1);
    System.out.println("| way | echo p50 µs | p99 µs | p50 to socat | bulk MiB/s | to socat |");
    System.out.println("|---|---|---|---|---|---|");
    for (Way way : ways) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.2f | %.1f | %.2f |%n",
          way.name(),
          way.echo(0.5),
          way.echo(0.99),
          way.echo(0.5) / relay.echo(0.5),
          way.bulk(),
          way.bulk() / relay.bulk());
    }
    System.out.println("\nFloor: Ongsung's echo p50 at most 1.30 of socat's.");
  }
}
