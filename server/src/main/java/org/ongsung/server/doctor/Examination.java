package org.ongsung.server.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.cli.show.Measures;
import org.ongsung.cli.words.Phrase;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.configuration.ListenAddress;
import org.ongsung.server.configuration.PortRange;
import org.ongsung.server.data.DataFolder;
import org.ongsung.server.data.StartFailure;
import org.ongsung.server.running.DatabaseStart;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseException;
import org.ongsung.store.SchemaState;
import org.ongsung.store.SchemaTooNewException;

/// Looks at everything a gateway needs: Java, the data folder and its modes, free space, the
/// database, the clock, the ports. Changes nothing; works beside a running gateway.
public final class Examination {
  private static final int JAVA = 25;

  /// IAC WILL ECHO: how our Telnet begins.
  private static final String TELNET_START = "\u00ff\u00fb\u0001";

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);
  private static final Instant NOT_BEFORE = Instant.parse("2026-01-01T00:00:00Z");

  private final Configuration configuration;
  private final Clock clock;
  private final List<Finding> findings = new ArrayList<>();

  private Examination(Configuration configuration, Clock clock) {
    this.configuration = configuration;
    this.clock = clock;
  }

  /// Looks, and tells all that it found.
  public static List<Finding> run(Configuration configuration, Clock clock) {
    Examination examination = new Examination(configuration, clock);
    examination.look();
    return List.copyOf(examination.findings);
  }

  private void look() {
    java();
    boolean running = dataFolder();
    space();
    database(running);
    listener("ssh", "listen.ssh", configuration.listenSsh(), running, "SSH-2.0-");
    configuration.telnet().listen().ifPresent(listen -> telnet(listen, running));
    configuration
        .telnet()
        .tls()
        .ifPresent(tls -> listener("telnets", "listen.telnets", tls.listen(), running, ""));
    configuration.telnet().tunnels().ifPresent(ports -> tunnels(ports, running));
    listener("console", "listen.http", configuration.listenHttp(), running, "HTTP/1.1");
    configuration
        .tls()
        .ifPresent(tls -> listener("https", "listen.https", tls.listen(), running, ""));
    FastCgiLook fastCgi =
        new FastCgiLook(!configuration.trustedProxies().isEmpty(), ANSWER_TIMEOUT);
    configuration.listenFastCgi().ifPresent(address -> findings.add(fastCgi.at(address, running)));
  }

  private void java() {
    int version = Runtime.version().feature();
    findings.add(
        version >= JAVA
            ? Finding.ok("java", Phrase.of("doctor.java", Runtime.version()))
            : Finding.problem(
                "java",
                Phrase.of("doctor.java-old", version),
                Phrase.of("doctor.java-old.advice", JAVA)));
  }

  /// Whether a gateway runs on the folder.
  private boolean dataFolder() {
    Path data = configuration.data();
    if (!Files.isDirectory(data)) {
      findings.add(Finding.ok("data", Phrase.of("doctor.data-new", data)));
      return false;
    }
    try {
      List<Path> open = othersMayUse(data);
      if (open.isEmpty()) {
        findings.add(Finding.ok("data", Phrase.of("doctor.data-ok", data)));
      } else {
        findings.add(
            Finding.problem(
                "data",
                open.size() == 1
                    ? Phrase.of("doctor.data-open", open.getFirst())
                    : Phrase.of("doctor.data-open-more", open.getFirst(), open.size() - 1),
                Phrase.of("doctor.data-open.advice", data)));
      }
      boolean running = DataFolder.isTaken(data);
      findings.add(
          Finding.ok("gateway", Phrase.of(running ? "doctor.running" : "doctor.not-running")));
      return running;
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              "data",
              Phrase.of("doctor.data-unreadable", StartFailure.cause(e)),
              Phrase.of("doctor.data-unreadable.advice", data)));
      return false;
    }
  }

  private static List<Path> othersMayUse(Path data) throws IOException {
    List<Path> found = new ArrayList<>();
    if (isOpen(data)) {
      found.add(data);
    }
    try (Stream<Path> entries = Files.list(data)) {
      for (Path entry : (Iterable<Path>) entries.sorted()::iterator) {
        if (!entry.toString().endsWith(".pub") && isOpen(entry)) {
          found.add(entry);
        }
      }
    }
    return found;
  }

  private static boolean isOpen(Path path) throws IOException {
    return !OWNER.containsAll(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }

  private void space() {
    Path path = configuration.data();
    while (!Files.exists(path)) {
      Path parent = path.getParent();
      if (parent == null) {
        return;
      }
      path = parent;
    }
    try {
      FileStore store = Files.getFileStore(path);
      long free = store.getUsableSpace();
      long mark = configuration.freeBytes();
      Phrase message = Phrase.of("doctor.disk", Measures.bytes(free), Measures.bytes(mark));
      if (free < mark) {
        findings.add(Finding.problem("disk", message, Phrase.of("doctor.disk-full.advice")));
      } else if (free < 2 * mark) {
        findings.add(Finding.warning("disk", message, Phrase.of("doctor.disk-low.advice")));
      } else {
        findings.add(Finding.ok("disk", message));
      }
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              "disk",
              Phrase.of("doctor.disk-unseen", StartFailure.cause(e)),
              Phrase.of("doctor.disk-unseen.advice", path)));
    }
  }

  private void database(boolean running) {
    boolean embedded = configuration.database().url().isEmpty();
    if (embedded && !Files.exists(configuration.data().resolve(Database.MAIN_FILE))) {
      findings.add(Finding.ok("database", Phrase.of("doctor.database-new")));
      clock(null);
      return;
    }
    try (Database database =
        Database.open(DatabaseStart.config(configuration, configuration.data()))) {
      SchemaState state = database.schemaState();
      findings.add(
          switch (state) {
            case CURRENT ->
                Finding.ok("database", Phrase.of("doctor.database-ok", database.shown()));
            case EMPTY ->
                Finding.ok("database", Phrase.of("doctor.database-empty", database.shown()));
            case BEHIND ->
                Finding.warning(
                    "database",
                    Phrase.of("doctor.database-old", database.shown()),
                    Phrase.of(
                        running ? "doctor.database-old.restart" : "doctor.database-old.start"));
          });
      clock(state == SchemaState.CURRENT ? newestEvent(database) : null);
    } catch (SchemaTooNewException e) {
      findings.add(
          Finding.problem(
              "database",
              Phrase.plain(String.valueOf(e.getMessage())),
              Phrase.of("doctor.database-newer.advice")));
      clock(null);
    } catch (DatabaseException e) {
      findings.add(
          Finding.problem(
              "database",
              Phrase.plain(String.valueOf(e.getMessage())),
              Phrase.of(
                  embedded ? "doctor.database-damaged.advice" : "doctor.database-away.advice")));
      clock(null);
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              "database",
              Phrase.of("doctor.password-unreadable", StartFailure.cause(e)),
              Phrase.of("doctor.password-unreadable.advice")));
      clock(null);
    }
  }

  private static @org.jspecify.annotations.Nullable Instant newestEvent(Database database) {
    return database.ledger().find(LedgerQuery.newest(1)).stream()
        .map(entry -> entry.event().at())
        .findFirst()
        .orElse(null);
  }

  private void clock(@org.jspecify.annotations.Nullable Instant newest) {
    Instant now = clock.instant();
    if (now.isBefore(NOT_BEFORE)) {
      findings.add(
          Finding.problem(
              "clock",
              Phrase.of("doctor.clock", now.truncatedTo(ChronoUnit.SECONDS)),
              Phrase.of("doctor.clock.advice")));
    } else if (newest != null && newest.isAfter(now.plusSeconds(2))) {
      findings.add(
          Finding.problem(
              "clock",
              Phrase.of("doctor.clock-back", now, newest),
              Phrase.of("doctor.clock.advice")));
    } else {
      findings.add(
          Finding.ok("clock", Phrase.of("doctor.clock", now.truncatedTo(ChronoUnit.SECONDS))));
    }
  }

  /// @param greeting what it says first; empty for a listener with TLS, where to be taken in is all
  ///   that is looked for
  private void listener(
      String about, String key, ListenAddress listen, boolean running, String greeting) {
    if (listen.port() == 0) {
      findings.add(Finding.ok(about, Phrase.of("doctor.any-port")));
    } else if (running) {
      answers(about, listen, greeting);
    } else {
      isFree(about, key, listen);
    }
  }

  /// The usual listener is left out where something else has its port; that is told, and no fault.
  private void telnet(ListenAddress listen, boolean running) {
    if (configuration.telnet().named()) {
      listener("telnet", "listen.telnet", listen, running, TELNET_START);
    } else if (running) {
      answers("telnet", listen, TELNET_START);
      Finding found = findings.removeLast();
      findings.add(
          found.state() == Finding.State.OK
              ? found
              : Finding.warning(
                  "telnet",
                  found.message(),
                  Phrase.of("doctor.cannot-listen.advice", "listen.telnet")));
    }
  }

  /// Of one-time ports each may be in use for a while; none may be taken before the start.
  private void tunnels(PortRange ports, boolean running) {
    if (running) {
      return; // they open one by one, and those that do not are told where they are asked for
    }
    List<Finding> taken = new ArrayList<>();
    for (int port = ports.first(); port <= ports.last(); port++) {
      isFree("tunnels", "telnet.tunnels", new ListenAddress(ports.host(), port));
      Finding found = findings.removeLast();
      if (found.state() != Finding.State.OK) {
        taken.add(found);
      }
    }
    findings.add(
        taken.isEmpty()
            ? Finding.ok("tunnels", Phrase.of("doctor.free", ports))
            : taken.getFirst());
  }

  private void isFree(String about, String key, ListenAddress listen) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(listen.resolve());
      findings.add(Finding.ok(about, Phrase.of("doctor.free", listen)));
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              about,
              Phrase.of("doctor.cannot-listen", listen, String.valueOf(e.getMessage())),
              Phrase.of("doctor.cannot-listen.advice", key)));
    }
  }

  private void answers(String about, ListenAddress listen, String greeting) {
    ListenAddress reached = listen.isAny() ? new ListenAddress("127.0.0.1", listen.port()) : listen;
    try (Socket socket = new Socket()) {
      int timeoutMillis = Math.toIntExact(ANSWER_TIMEOUT.toMillis());
      socket.connect(new InetSocketAddress(reached.host(), reached.port()), timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      if (greeting.startsWith("HTTP")) {
        socket
            .getOutputStream()
            .write(
                ("GET /login HTTP/1.1\r\nHost: " + reached + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
      }
      byte[] first = socket.getInputStream().readNBytes(greeting.length());
      if (!greeting.equals(new String(first, StandardCharsets.ISO_8859_1))) {
        throw new IOException("something else answers there");
      }
      findings.add(Finding.ok(about, Phrase.of("doctor.answers", listen)));
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              about,
              Phrase.of("doctor.silent", listen, String.valueOf(e.getMessage())),
              Phrase.of("doctor.silent.advice")));
    }
  }
}
