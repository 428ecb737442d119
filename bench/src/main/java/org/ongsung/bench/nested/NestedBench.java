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
import java.time.Duration;
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

  private static final String POSTGRES = "direct, PostgreSQL, pool of 4";

  /// What `ongsung serve` gives Java; see the launcher. Its archive of the start is made for its
  /// jar alone, and has no part in a server that is warm.
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "-Dfile.encoding=UTF-8",
          "-Djava.awt.headless=true",
          "-XX:-UsePerfData",
          "-Xms32m",
          "-Xmx512m",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:MetaspaceSize=96m",
          "-XX:G1PeriodicGCInterval=20000",
          "-XX:MinHeapFreeRatio=40",
          "-XX:MaxHeapFreeRatio=60",
          "-XX:-G1UseAdaptiveIHOP",
          "-XX:InitiatingHeapOccupancyPercent=70",
          "-XX:TrimNativeHeapInterval=10000",
          "-Djdk.pollerMode=1");

  /// Between opening the connections and the requests, and after the answers: the server has
  /// accepted them all by then, and closed them all.
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final Duration SHORT_PAUSE = Duration.ofMillis(200);

  /// How many at once, and at what depth.
  private static final int[][] KINDS = {{10_000, 1}, {5_000, 3}};

  /// How many at once while it gets warm, where connections cannot be opened first.
  private static final int FEW = 2_000;

  private final int rounds;
  private final Duration warmUp;
  private final String only;
  private final Path folder = Files.createTempDirectory("ongsung-bench");

  private NestedBench(int rounds, Duration warmUp, String only) throws IOException {
    this.rounds = rounds;
    this.warmUp = warmUp;
    this.only = only;
  }

  /// Prints a table.
  ///
  /// @param arguments `--rounds N --warm-up SECONDS --only TEXT`
  public static void main(String[] arguments) throws Exception {
    int rounds = 3;
    int warmUp = 40;
    String only = "";
    if (arguments.length % 2 != 0) {
      throw new IllegalArgumentException("an option has no value");
    }
    for (int i = 0; i < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--rounds" -> rounds = Integer.parseInt(arguments[i + 1]);
        case "--warm-up" -> warmUp = Integer.parseInt(arguments[i + 1]);
        case "--only" -> only = arguments[i + 1];
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    if (rounds < 1 || 2 * rounds + 1 > ROUNDS_AT_MOST) {
      throw new IllegalArgumentException("1 to 7 rounds");
    }
    new NestedBench(rounds, Duration.ofSeconds(warmUp), only).run();
  }

  private void run() throws Exception {
    System.out.println(
        """
        | route | requests at once | depth | 200 | 503 | other | hung | slowest 200, 503 ms, from receipt | client's p50, p99 ms | CPU ms of Ongsung, of the load | most memory MiB |
        |---|---|---|---|---|---|---|---|---|---|---|""");
    try {
      measure("direct, SQLite", List.of(), null);
      measure("nginx, HTTP, SQLite", List.of(), new Front(NestedBench::nginx, false));
      measure("Apache, 150 workers, HTTP, SQLite", List.of(), new Front(NestedBench::apache, true));
      if (isAsked(POSTGRES)) {
        try (TemporaryPostgres postgres = TemporaryPostgres.start(true)) {
          TemporaryPostgres.Database database = postgres.newDatabase();
          measure(POSTGRES, List.of(database.url(), database.user(), database.password()), null);
        }
      }
    } finally {
      delete();
    }
  }

  private boolean isAsked(String route) {
    return route.contains(only);
  }

  /// A kind of front server.
  ///
  /// @param make makes one for a port
  /// @param few whether it takes fewer connections at once than there are requests, so that they
  ///   cannot be opened first
  private record Front(java.util.function.IntFunction<FrontServer> make, boolean few) {}

  private static FrontServer nginx(int port) {
    return NginxServer.around(
            """
            upstream ongsung { server 127.0.0.1:%d; keepalive 64; }
            server {
              listen 127.0.0.1:@PORT@ backlog=4096;
              location / {
                proxy_http_version 1.1;
                proxy_set_header Connection "";
                proxy_set_header Host $http_host;
                proxy_pass http://ongsung;
              }
            }
            """
                .formatted(port))
        .replacing("error.log info", "error.log warn")
        .replacing("worker_connections 4096", "worker_connections 19000")
        .replacing("master_process off", "master_process on")
        .replacing("worker_processes 1", "worker_processes 2");
  }

  private static FrontServer apache(int port) {
    return ApacheServer.around(
            "ListenBackLog 4096\nProxyPass / http://127.0.0.1:%d/\n".formatted(port))
        .asDebianShips();
  }

  private void measure(String name, List<String> database, @Nullable Front front) throws Exception {
    if (!isAsked(name)) {
      return;
    }
    Path data = Files.createDirectory(folder.resolve("data" + System.nanoTime()));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(
        Stream.of(System.getenv().getOrDefault("ONGSUNG_JAVA_OPTS", "").split(" "))
            .filter(flag -> !flag.isEmpty())
            .toList());
    command.addAll(
        List.of(
            "-Dlogback.configurationFile=" + Path.of("testkit", "logback-test.xml"),
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
      Measured measured = new Measured(name, port, server, out, front != null && front.few());
      if (front == null) {
        measure(measured, port);
      } else {
        try (FrontServer started = front.make().apply(port).start()) {
          measure(measured, started.port());
        }
      }
    } finally {
      server.getOutputStream().close();
      server.waitFor();
    }
  }

  /// A server that is under way.
  ///
  /// @param port its own
  /// @param few whether what stands before it takes few connections at once
  private record Measured(String name, int port, Process server, BufferedReader out, boolean few) {}

  private void measure(Measured measured, int at) throws IOException, InterruptedException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), at);
    warmUp(measured, address);
    int round = 1;
    for (int[] kind : KINDS) {
      for (int i = 0; i < rounds; i++) {
        Thread.sleep(PAUSE);
        crowd(measured, address, kind, "/api/v1/round" + round++ + "/nest/", PAUSE)
            .print(measured, kind);
      }
    }
  }

  /// Until Java has compiled what is asked for here, on both sides: by the very crowds that are
  /// measured. What came in those alone, such as refusals, would be compiled while they wait.
  private void warmUp(Measured measured, InetSocketAddress address)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + warmUp.toNanos();
    for (int i = 0; System.nanoTime() < end; i++) {
      int[] kind = KINDS[i % KINDS.length];
      int[] asked = measured.few() ? new int[] {FEW, kind[1]} : kind;
      crowd(measured, address, asked, "/api/v1/round0/nest/", SHORT_PAUSE);
    }
  }

  private static Crowd crowd(
      Measured measured, InetSocketAddress address, int[] kind, String template, Duration pause)
      throws IOException, InterruptedException {
    try (Load load = new Load(address)) {
      if (!measured.few()) {
        load.connect(kind[0]);
      }
      Thread.sleep(pause);
      Duration server = cpu(measured.server().toHandle());
      Duration own = cpu(ProcessHandle.current());
      String path = template + kind[1];
      Load.Outcome outcome = measured.few() ? load.rush(kind[0], path) : load.volley(path);
      Duration served = cpu(measured.server().toHandle()).minus(server);
      Duration asked = cpu(ProcessHandle.current()).minus(own);
      return new Crowd(outcome, slowest(measured.port(), template), served, asked);
    }
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /// What came of a crowd.
  ///
  /// @param slowest see [#slowest]
  /// @param server the CPU time that it took the server
  /// @param load and the load
  private record Crowd(Load.Outcome outcome, String slowest, Duration server, Duration load) {
    void print(Measured measured, int[] kind) throws IOException {
      measured.server().getOutputStream().write('\n');
      measured.server().getOutputStream().flush();
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %d | %d | %d | %d | %d | %s | %.0f, %.0f | %d, %d | %d |%n",
          measured.name(),
          kind[0],
          kind[1],
          outcome.ok(),
          outcome.refused(),
          outcome.other(),
          outcome.hung(),
          slowest,
          outcome.p50Millis(),
          outcome.p99Millis(),
          server.toMillis(),
          load.toMillis(),
          Long.parseLong(measured.out().readLine()) / 1_024);
    }
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
