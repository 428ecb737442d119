package org.ongsung.bench.nested;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ongsung.testkit.ApacheServer;
import org.ongsung.testkit.FrontServer;
import org.ongsung.testkit.NginxServer;
import org.ongsung.testkit.TemporaryPostgres;

/// Thousands of requests at the same moment, each of which asks the system for itself, on SQLite
/// and on PostgreSQL, straight and through front servers. See `bench/nested`.
public final class NestedBench {
  static final int ROUNDS_AT_MOST = 16;

  private static final int WARM_UP_ROUNDS = 3;
  private static final int SHALLOW = 10_000;
  private static final int DEEP = 5_000;

  private final int rounds;
  private final Path folder = Files.createTempDirectory("ongsung-bench");

  private NestedBench(int rounds) throws IOException {
    this.rounds = rounds;
  }

  /// Prints a table.
  ///
  /// @param arguments `--rounds N`
  public static void main(String[] arguments) throws Exception {
    int rounds = 3;
    if (arguments.length == 2 && arguments[0].equals("--rounds")) {
      rounds = Integer.parseInt(arguments[1]);
    } else if (arguments.length > 0) {
      throw new IllegalArgumentException("unknown option " + arguments[0]);
    }
    if (rounds < 1 || 2 * rounds + WARM_UP_ROUNDS > ROUNDS_AT_MOST) {
      throw new IllegalArgumentException("1 to 6 rounds");
    }
    new NestedBench(rounds).run();
  }

  private void run() throws Exception {
    System.out.println(
        """
        | route | requests at once | depth | 200 | 503 | other | hung | slowest 200, 503 ms, from receipt | client's p50, p99 ms | most memory MiB |
        |---|---|---|---|---|---|---|---|---|---|""");
    try {
      measure("direct, SQLite", List.of(), null);
      measure("nginx, HTTP, SQLite", List.of(), new Front(NestedBench::nginx));
      measure("Apache, 256 workers, HTTP, SQLite", List.of(), new Front(NestedBench::apache));
      try (TemporaryPostgres postgres = TemporaryPostgres.start(true)) {
        TemporaryPostgres.Database database = postgres.newDatabase();
        measure(
            "direct, PostgreSQL, pool of 4",
            List.of(database.url(), database.user(), database.password()),
            null);
      }
    } finally {
      delete();
    }
  }

  /// Makes a front server for a port.
  private record Front(java.util.function.IntFunction<FrontServer> make) {}

  private static FrontServer nginx(int port) {
    return NginxServer.around(
            """
            upstream ongsung { server 127.0.0.1:%d; keepalive 64; }
            server {
              listen 127.0.0.1:@PORT@;
              location / {
                proxy_http_version 1.1;
                proxy_set_header Connection "";
                proxy_set_header Host $http_host;
                proxy_pass http://ongsung;
              }
            }
            """
                .formatted(port))
        .replacing("worker_connections 4096", "worker_connections 19000")
        .replacing("master_process off", "master_process on")
        .replacing("worker_processes 1", "worker_processes 2");
  }

  private static FrontServer apache(int port) {
    return ApacheServer.around("ProxyPass / http://127.0.0.1:%d/\n".formatted(port));
  }

  private void measure(String name, List<String> database, @Nullable Front front) throws Exception {
    Path data = Files.createDirectory(folder.resolve("data" + System.nanoTime()));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseCompactObjectHeaders",
                "-Xmx512m",
                "-Dlogback.configurationFile=" + Path.of("testkit", "logback-test.xml"),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                NestedServer.class.getName(),
                data.toString()));
    command.addAll(database);
    Process server =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    try (BufferedReader out = server.inputReader()) {
      int port = Integer.parseInt(out.readLine());
      if (front == null) {
        measure(name, port, port, server, out);
      } else {
        try (FrontServer started = front.make().apply(port).start()) {
          measure(name, port, started.port(), server, out);
        }
      }
    } finally {
      server.getOutputStream().close();
      server.waitFor();
    }
  }

  private void measure(String name, int port, int at, Process server, BufferedReader out)
      throws IOException, InterruptedException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), at);
    int round = 0;
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      volley(address, 2_000, "/api/v1/round" + round++ + "/nest/1");
    }
    for (int[] kind : new int[][] {{SHALLOW, 1}, {DEEP, 3}}) {
      for (int i = 0; i < rounds; i++) {
        String template = "/api/v1/round" + round++ + "/nest/";
        Load.Outcome outcome = volley(address, kind[0], template + kind[1]);
        server.getOutputStream().write('\n');
        server.getOutputStream().flush();
        print(name, kind, outcome, slowest(port, template), Long.parseLong(out.readLine()));
      }
    }
  }

  private static Load.Outcome volley(InetSocketAddress address, int count, String path)
      throws IOException {
    try (Load load = new Load(address)) {
      load.connect(count);
      return load.volley(path);
    }
  }

  private static void print(
      String name, int[] kind, Load.Outcome outcome, String slowest, long kib) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %d | %d | %d | %d | %s | %.0f, %.0f | %d |%n",
        name,
        kind[0],
        kind[1],
        outcome.ok(),
        outcome.refused(),
        outcome.other(),
        outcome.hung(),
        slowest,
        outcome.p50Millis(),
        outcome.p99Millis(),
        kib / 1_024);
  }

  /// The slowest answers of a route by the server's own clock, which starts with the first byte of
  /// the request.
  private static String slowest(int port, String template)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      String metrics =
          client
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
              .body();
      return max(metrics, template, "2xx") + ", " + max(metrics, template, "5xx");
    }
  }

  private static String max(String metrics, String template, String status) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("ongsung_http_requests_seconds_max"))
        .filter(line -> line.contains(template) && line.contains(status))
        .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .map(seconds -> String.format(Locale.ROOT, "%.0f", seconds * 1_000))
        .findFirst()
        .orElse("–");
  }

  private void delete() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
