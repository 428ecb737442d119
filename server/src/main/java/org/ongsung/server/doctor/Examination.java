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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.cli.show.Measures;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.configuration.ListenAddress;
import org.ongsung.server.data.DataFolder;
import org.ongsung.server.data.StartFailure;
import org.ongsung.server.running.DatabaseStart;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseException;
import org.ongsung.store.SchemaState;

/// Looks at everything a gateway needs: Java, the data folder and its modes, free space, the
/// database, the clock, the ports. Changes nothing; works beside a running gateway.
public final class Examination {
  private static final int JAVA = 25;
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
    listener("console", "listen.http", configuration.listenHttp(), running, "HTTP/1.1");
    FastCgiLook fastCgi =
        new FastCgiLook(!configuration.trustedProxies().isEmpty(), ANSWER_TIMEOUT);
    configuration.listenFastCgi().ifPresent(address -> findings.add(fastCgi.at(address, running)));
  }

  private void java() {
    int version = Runtime.version().feature();
    findings.add(
        version >= JAVA
            ? Finding.ok("java", "Java " + Runtime.version())
            : Finding.problem(
                "java", "Java " + version + " is too old", "Install a JDK " + JAVA + "."));
  }

  /// Whether a gateway runs on the folder.
  private boolean dataFolder() {
    Path data = configuration.data();
    if (!Files.isDirectory(data)) {
      findings.add(Finding.ok("data", data + " will be made at the first start"));
      return false;
    }
    try {
      List<Path> open = othersMayUse(data);
      if (open.isEmpty()) {
        findings.add(Finding.ok("data", data + " and its files belong to their owner alone"));
      } else {
        findings.add(
            Finding.problem(
                "data",
                "others than the owner may use " + open.getFirst() + more(open),
                "Run: chmod -R go-rwx '" + data + "'"));
      }
      boolean running = DataFolder.isTaken(data);
      findings.add(
          Finding.ok("gateway", running ? "runs on this data folder" : "does not run here now"));
      return running;
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              "data",
              "cannot be read: " + StartFailure.cause(e),
              "Run this as the user that owns " + data + "."));
      return false;
    }
  }

  private static String more(List<Path> paths) {
    return paths.size() == 1 ? "" : " and " + (paths.size() - 1) + " more";
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
      String message =
          Measures.bytes(free) + " free; new sessions are refused below " + Measures.bytes(mark);
      if (free < mark) {
        findings.add(
            Finding.problem(
                "disk", message, "Make room, or lower recording.freeSpace for a while."));
      } else if (free < 2 * mark) {
        findings.add(Finding.warning("disk", message, "Make room soon."));
      } else {
        findings.add(Finding.ok("disk", message));
      }
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              "disk",
              "cannot be looked at: " + StartFailure.cause(e),
              "Look at how " + path + " is mounted."));
    }
  }

  private void database(boolean running) {
    boolean embedded = configuration.database().url().isEmpty();
    if (embedded && !Files.exists(configuration.data().resolve(Database.MAIN_FILE))) {
      findings.add(Finding.ok("database", "embedded; will be made at the first start"));
      clock(null);
      return;
    }
    try (Database database =
        Database.open(DatabaseStart.config(configuration, configuration.data()))) {
      SchemaState state = database.schemaState();
      findings.add(
          switch (state) {
            case CURRENT -> Finding.ok("database", database.shown() + " can be used");
            case EMPTY -> Finding.ok("database", database.shown() + " is empty and can be used");
            case BEHIND ->
                Finding.warning(
                    "database",
                    database.shown() + " is of an older version",
                    running
                        ? "Restart the gateway with this version."
                        : "The next start backs it up and brings it to this version.");
          });
      clock(state == SchemaState.CURRENT ? newestEvent(database) : null);
    } catch (DatabaseException e) {
      findings.add(
          Finding.problem(
              "database",
              String.valueOf(e.getMessage()),
              embedded
                  ? "If it is damaged, put a backup into an empty folder: ongsung restore FILE."
                  : "Start PostgreSQL, or look at database.url, user and passwordFile."));
      clock(null);
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              "database",
              "its password file cannot be read: " + StartFailure.cause(e),
              "Look at database.passwordFile."));
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
          Finding.problem("clock", "says " + now, "Set it, and keep it right with NTP (chrony)."));
    } else if (newest != null && newest.isAfter(now.plusSeconds(2))) {
      findings.add(
          Finding.problem(
              "clock",
              "says " + now + ", before the ledger's newest event of " + newest,
              "Set it, and keep it right with NTP (chrony)."));
    } else {
      findings.add(Finding.ok("clock", "says " + now));
    }
  }

  private void listener(
      String about, String key, ListenAddress listen, boolean running, String greeting) {
    if (listen.port() == 0) {
      findings.add(Finding.ok(about, "takes any free port"));
    } else if (running) {
      answers(about, listen, greeting);
    } else {
      isFree(about, key, listen);
    }
  }

  private void isFree(String about, String key, ListenAddress listen) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(listen.resolve());
      findings.add(Finding.ok(about, listen + " is free"));
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              about,
              "cannot listen on " + listen + ": " + e.getMessage(),
              "See what uses it with: ss -ltnp. Or set " + key + "."));
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
      if (!greeting.equals(new String(first, StandardCharsets.US_ASCII))) {
        throw new IOException("something else answers there");
      }
      findings.add(Finding.ok(about, "answers on " + listen));
    } catch (IOException e) {
      findings.add(
          Finding.problem(
              about,
              "does not answer on " + listen + ": " + e.getMessage(),
              "Look at the gateway's log; restart it if it hangs."));
    }
  }
}
