package org.ongsung.bench.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Measures SSH to one target directly, by ProxyJump, through an OpenSSH bastion and through
/// Ongsung with recording on, interleaved, and prints medians and ratios as a table. Figures for
/// people: nothing passes or fails by them.
///
/// Arguments: `--rounds N` (default 5), `--mib N` per transfer (default 1024), `--idle N` sessions
/// (default 500, 0 for none), `--only PART,…` of [Part] (default all).
public final class SshBench {
  private static final int AT_REST_MILLIS = 30_000;
  private static final List<String> GCM = List.of("-c", "aes128-gcm@openssh.com");

  /// What can be measured alone.
  private enum Part {
    BULK,
    SFTP,
    ECHO,
    SESSIONS;

    static Set<Part> of(String names) {
      return Arrays.stream(names.split(","))
          .map(name -> valueOf(name.toUpperCase(Locale.ROOT)))
          .collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class)));
    }
  }

  private final Workshop workshop;
  private final int rounds;
  private final Set<Part> parts;
  private final Measurements measure;
  private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

  private SshBench(Workshop workshop, int rounds, long mib, Set<Part> parts) {
    this.workshop = workshop;
    this.rounds = rounds;
    this.parts = parts;
    this.measure = new Measurements(workshop, mib << 20);
  }

  public static void main(String[] args) throws IOException {
    int rounds = 5;
    int mib = 1024;
    int idle = 500;
    Set<Part> parts = EnumSet.allOf(Part.class);
    for (int i = 0; i + 1 < args.length; i += 2) {
      String value = args[i + 1];
      switch (args[i]) {
        case "--rounds" -> rounds = Integer.parseInt(value);
        case "--mib" -> mib = Integer.parseInt(value);
        case "--idle" -> idle = Integer.parseInt(value);
        case "--only" -> parts = Part.of(value);
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    try (Workshop workshop = new Workshop()) {
      new SshBench(workshop, rounds, mib, parts).run(idle);
    }
  }

  private void run(int idleSessions) throws IOException {
    OpenSsh openSsh = new OpenSsh(workshop);
    Path client = workshop.key("client", "ed25519");
    int targetPort = Workshop.freePort();
    openSsh.start("target", targetPort, client, "");
    int jumpPort = Workshop.freePort();
    Process jump = openSsh.start("jump", jumpPort, client, "");
    int bastionPort = Workshop.freePort();
    Process bastion =
        openSsh.start("bastion", bastionPort, client, openSsh.bastionTo(targetPort, client));
    Ongsung ongsung =
        Ongsung.start(
            workshop,
            Path.of(System.getProperty("ongsung.root", ".")),
            targetPort,
            workshop.file("target-host"),
            client);

    String me = System.getProperty("user.name");
    List<Route> routes =
        List.of(
            new Route("direct", options(client, targetPort), me + "@127.0.0.1", new Relay.None()),
            new Route(
                "ProxyJump",
                jumping(client, jumpPort, targetPort),
                me + "@127.0.0.1",
                new Relay.Forking(jump.pid())),
            new Route(
                "bastion",
                options(client, bastionPort),
                me + "@127.0.0.1",
                new Relay.Forking(bastion.pid())),
            new Route(
                "Ongsung",
                options(client, ongsung.port()),
                "alice+web-1@127.0.0.1",
                new Relay.Single(ongsung.process().pid())));

    Workshop.sleep(AT_REST_MILLIS);
    System.out.printf(
        "serve: first start %d ms, later starts %d ms until it listens; %d MiB resident after half a"
            + " minute at rest%n",
        ongsung.firstMillis(),
        ongsung.listeningMillis(),
        Relay.residentKib(ongsung.process().pid()) >> 10);
    measureAll(routes);
    print(routes);
    if (idleSessions > 0) {
      new IdleSessions(workshop, ongsung).measure(routes.getLast(), idleSessions);
    }
  }

  private void measureAll(List<Route> routes) throws IOException {
    for (Route route : routes) { // warm: class loading and JIT of the gateway, caches of everyone
      warmUp(route);
      measure.down(route, GCM);
      measure.up(route, GCM);
    }
    for (int round = 1; round <= rounds; round++) {
      System.err.printf("round %d of %d%n", round, rounds);
      for (Route route : routes) {
        transfers(route, "aes128-gcm", GCM);
        transfers(route, "own choice", List.of());
        if (parts.contains(Part.ECHO)) {
          Measurements.Echo echo = measure.echo(route, 5_000);
          note("echo p50 µs", route, echo.p50());
          note("echo p99 µs", route, echo.p99());
        }
        if (parts.contains(Part.SESSIONS)) {
          Measurements.Sessions sessions = measure.sessions(route, 40);
          note("sessions/s", route, sessions.perSecond());
          note("relay CPU ms/session", route, sessions.cpuMillisEach());
        }
      }
    }
  }

  /// What comes before the first that counts. A gateway that runs all day has compiled what it
  /// needs: after a thousand sessions, and half a minute of keys. What starts processes is as warm
  /// after a few.
  private void warmUp(Route route) throws IOException {
    boolean compiles = route.relay() instanceof Relay.Single;
    measure.sessions(route, compiles && parts.contains(Part.SESSIONS) ? 1_600 : 40);
    if (parts.contains(Part.ECHO)) {
      measure.echo(route, compiles ? 150_000 : 2_000);
    }
  }

  private void transfers(Route route, String cipher, List<String> option) throws IOException {
    if (parts.contains(Part.BULK)) {
      note("down MiB/s", "relay CPU s/GiB down", cipher, route, measure.down(route, option));
      note("up MiB/s", "relay CPU s/GiB up", cipher, route, measure.up(route, option));
    }
    if (parts.contains(Part.SFTP)) {
      note("sftp get MiB/s", "relay CPU s/GiB get", cipher, route, measure.get(route, option));
      note("sftp put MiB/s", "relay CPU s/GiB put", cipher, route, measure.put(route, option));
    }
  }

  private void note(
      String speed, String cost, String cipher, Route route, Measurements.Transfer transfer) {
    note(speed + ", " + cipher, route, transfer.mibPerSecond());
    note(cost + ", " + cipher, route, transfer.cpuSecondsPerGib());
  }

  private void note(String what, Route route, double value) {
    figures
        .computeIfAbsent(what, key -> new LinkedHashMap<>())
        .computeIfAbsent(route.name(), key -> new ArrayList<>())
        .add(value);
  }

  private void print(List<Route> routes) {
    System.out.printf("%nmedians of %d interleaved rounds%n%n", rounds);
    StringBuilder head = new StringBuilder("| what |");
    routes.forEach(route -> head.append(' ').append(route.name()).append(" |"));
    System.out.println(head + " to direct | to bastion |");
    System.out.println("|---|" + "---|".repeat(routes.size() + 2));
    figures.forEach(
        (what, byRoute) -> {
          ToDoubleFunction<String> of = name -> median(byRoute.getOrDefault(name, List.of()));
          StringBuilder row = new StringBuilder("| " + what + " |");
          routes.forEach(route -> row.append(" %.1f |".formatted(of.applyAsDouble(route.name()))));
          double ours = of.applyAsDouble("Ongsung");
          System.out.printf(
              Locale.ROOT,
              "%s %s | %s |%n",
              row,
              ratio(ours, of.applyAsDouble("direct")),
              ratio(ours, of.applyAsDouble("bastion")));
        });
    System.out.println();
  }

  private static String ratio(double ours, double theirs) {
    return theirs == 0 ? "–" : "%.2f".formatted(ours / theirs);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }

  private static List<String> options(Path key, int port) {
    return List.of(
        "-F",
        "/dev/null",
        "-q",
        "-o",
        "BatchMode=yes",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "IdentitiesOnly=yes",
        "-i",
        key.toString(),
        "-o",
        "Port=" + port);
  }

  private static List<String> jumping(Path key, int jumpPort, int targetPort) {
    List<String> options = new ArrayList<>(options(key, targetPort));
    options.add("-o");
    options.add(
        "ProxyCommand=ssh -W %%h:%%p %s %s@127.0.0.1"
            .formatted(String.join(" ", options(key, jumpPort)), System.getProperty("user.name")));
    return options;
  }
}
