package org.ongsung.bench.fastcgi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Measures requests through nginx to one server by HTTP and by FastCGI, interleaved, with wrk in a
/// process of its own, and prints medians as a table. Figures for people: nothing passes or fails
/// by them.
///
/// Arguments: `--rounds N` (default 5), `--seconds N` a run (default 5), `--connections N` (default
/// 16).
public final class FastCgiBench {
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");
  private static final Pattern ERRORS = Pattern.compile("(Socket errors|Non-2xx).*");
  private static final int WARM_UP_SECONDS = 5;

  /// A run of wrk.
  ///
  /// @param rate requests a second
  /// @param p99Millis of their times
  private record Run(double rate, double p99Millis) {}

  /// A way to the server.
  private record Route(String name, int port, List<Run> runs) {
    Route(String name) throws IOException {
      this(name, freePort(), new ArrayList<>());
    }
  }

  private final int connections;

  private FastCgiBench(int connections) {
    this.connections = connections;
  }

  public static void main(String[] args) throws Exception {
    int rounds = 5;
    int seconds = 5;
    int connections = 16;
    for (int i = 0; i + 1 < args.length; i += 2) {
      int value = Integer.parseInt(args[i + 1]);
      switch (args[i]) {
        case "--rounds" -> rounds = value;
        case "--seconds" -> seconds = value;
        case "--connections" -> connections = value;
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    Path folder = Files.createTempDirectory("ongsung-bench");
    try (MeasuredServer server = new MeasuredServer(folder)) {
      new FastCgiBench(connections).run(server, folder, rounds, seconds);
    } finally {
      delete(folder);
    }
  }

  private void run(MeasuredServer server, Path folder, int rounds, int seconds)
      throws IOException, InterruptedException {
    List<Route> routes =
        List.of(new Route("HTTP"), new Route("FastCGI, TCP"), new Route("FastCGI, Unix socket"));
    Process nginx = nginx(folder, server, routes.stream().map(Route::port).toList());
    try {
      for (Route route : routes) {
        load(route.port(), WARM_UP_SECONDS);
      }
      for (int round = 1; round <= rounds; round++) {
        System.err.printf("round %d of %d%n", round, rounds);
        for (Route route : routes) {
          route.runs().add(load(route.port(), seconds));
        }
      }
      print(routes, rounds, seconds);
    } finally {
      nginx.destroy();
      if (!nginx.waitFor(30, TimeUnit.SECONDS)) {
        nginx.destroyForcibly();
      }
    }
  }

  /// One nginx with a port for each route; one worker, kept connections on both sides.
  private static Process nginx(Path folder, MeasuredServer server, List<Integer> ports)
      throws IOException, InterruptedException {
    String fastCgi =
        """
        include /etc/nginx/fastcgi_params;
        fastcgi_param HTTP_HOST $http_host;
        fastcgi_keep_conn on;
        """;
    String text =
        """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        events { worker_connections 1024; }
        http {
          access_log off;
          keepalive_requests 100000000;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          upstream http { server %2$s; keepalive 64; keepalive_requests 100000000; }
          upstream tcp { server %3$s; keepalive 64; keepalive_requests 100000000; }
          upstream unix { server %4$s; keepalive 64; keepalive_requests 100000000; }
          server {
            listen 127.0.0.1:%5$d;
            location / {
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_pass http://http;
            }
          }
          server { listen 127.0.0.1:%6$d; location / { %8$s fastcgi_pass tcp; } }
          server { listen 127.0.0.1:%7$d; location / { %8$s fastcgi_pass unix; } }
        }
        """
            .formatted(
                folder,
                server.http(),
                server.fastCgiTcp(),
                server.fastCgiUnix(),
                ports.get(0),
                ports.get(1),
                ports.get(2),
                fastCgi);
    Path file = Files.writeString(folder.resolve("nginx.conf"), text);
    Process nginx =
        new ProcessBuilder(
                "/usr/sbin/nginx",
                "-p",
                folder.toString(),
                "-e",
                folder.resolve("nginx.log").toString(),
                "-c",
                file.toString())
            .inheritIO()
            .start();
    for (int port : ports) {
      awaitListening(nginx, port);
    }
    return nginx;
  }

  private Run load(int port, int seconds) throws IOException, InterruptedException {
    Process wrk =
        new ProcessBuilder(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "--latency",
                "http://127.0.0.1:" + port + "/page")
            .redirectErrorStream(true)
            .start();
    String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher errors = ERRORS.matcher(said);
    if (wrk.waitFor() != 0 || errors.find()) {
      throw new IOException("wrk failed: " + said);
    }
    return new Run(Double.parseDouble(found(RATE, said).group(1)), millis(found(P99, said)));
  }

  private static Matcher found(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("wrk said something else: " + text);
    }
    return matcher;
  }

  private static double millis(Matcher time) {
    double value = Double.parseDouble(time.group(1));
    return switch (time.group(2)) {
      case "us" -> value / 1_000;
      case "ms" -> value;
      default -> value * 1_000;
    };
  }

  private void print(List<Route> routes, int rounds, int seconds) {
    System.out.printf(
        "%nmedians of %d interleaved rounds of %d s, %d connections%n%n",
        rounds, seconds, connections);
    System.out.println("| route | requests/s | to HTTP | p99 ms | to HTTP |");
    System.out.println("|---|---|---|---|---|");
    Run http = median(routes.getFirst().runs());
    routes.forEach(
        route -> {
          Run run = median(route.runs());
          System.out.printf(
              Locale.ROOT,
              "| %s | %.0f | %.2f | %.2f | %.2f |%n",
              route.name(),
              run.rate(),
              run.rate() / http.rate(),
              run.p99Millis(),
              run.p99Millis() / http.p99Millis());
        });
  }

  private static Run median(List<Run> runs) {
    List<Double> rates = runs.stream().map(Run::rate).sorted().toList();
    List<Double> times = runs.stream().map(Run::p99Millis).sorted().toList();
    return new Run(rates.get(rates.size() / 2), times.get(times.size() / 2));
  }

  private static void awaitListening(Process process, int port)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException("nginx did not start", e);
        }
        Thread.sleep(10);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      paths
          .sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
