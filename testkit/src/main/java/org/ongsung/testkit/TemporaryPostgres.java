package org.ongsung.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL cluster of Debian's packages in a temporary folder, on a free loopback port.
///
/// As root it runs as the account `postgres`, since the server refuses root; otherwise as the
/// current account. It asks for a password (SCRAM) as a real one does. Take the [#shared] one
/// unless the test stops or breaks it.
public final class TemporaryPostgres implements AutoCloseable {
  private static final Path INSTALLATIONS = Path.of("/usr/lib/postgresql");
  private static final String ACCOUNT = "postgres";
  private static final String USER = "ongsung";
  private static final int PORT_ATTEMPTS = 5;
  private static final Duration START = Deadlines.SERVICE;

  private static final class Shared {
    static final TemporaryPostgres SERVER = startUntilExit();

    private static TemporaryPostgres startUntilExit() {
      TemporaryPostgres server = start(false);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      return server;
    }
  }

  /// A database of a cluster.
  ///
  /// @param port of 127.0.0.1
  public record Database(int port, String name, String user, String password) {
    /// Its URL without user and password.
    public String url() {
      return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
    }

    /// Its URL with user and password.
    public String urlWithPassword() {
      return url() + "?user=" + user + "&password=" + password;
    }
  }

  private final Path binaries;
  private final Path folder;
  private final boolean fsync;
  private final String password;
  private final AtomicInteger databases = new AtomicInteger();
  private int port;
  private @Nullable RunningProgram server;

  private TemporaryPostgres(Path binaries, Path folder, boolean fsync, String password) {
    this.binaries = binaries;
    this.folder = folder;
    this.fsync = fsync;
    this.password = password;
  }

  /// The one of this JVM, without fsync; started at first use, stopped when the JVM ends.
  public static TemporaryPostgres shared() {
    return Shared.SERVER;
  }

  /// A cluster of the test's own.
  ///
  /// @param fsync whether a commit waits for the disk, as in production
  public static TemporaryPostgres start(boolean fsync) {
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    TemporaryPostgres postgres =
        new TemporaryPostgres(
            newestBinaries(),
            Folders.temporary("ongsung-pg"),
            fsync,
            HexFormat.of().formatHex(secret));
    try {
      postgres.initialise();
      postgres.startServer();
      return postgres;
    } catch (IOException e) {
      postgres.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      postgres.close();
      throw e;
    }
  }

  /// A new, empty database.
  public Database newDatabase() {
    String name = "test_" + databases.incrementAndGet();
    sql("postgres", "create database " + name);
    return new Database(port, name, USER, password);
  }

  /// Runs SQL as the cluster's owner and gives what `psql` prints: rows of columns with `|` between
  /// them.
  public String sql(String database, String sql) {
    return tool("psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1")
        .and("-h", "127.0.0.1", "-p", Integer.toString(port), "-U", USER, "-d", database)
        .environment("PGPASSWORD", password)
        .input(sql)
        .within(Deadlines.SERVICE)
        .run()
        .expectSuccess()
        .stdout()
        .strip();
  }

  /// The port on 127.0.0.1; stays the same over a stop and a start.
  public int port() {
    return port;
  }

  /// What the server has logged since its last start.
  public String log() {
    return server == null ? "" : server.stderr();
  }

  /// Stops the server at once and breaks its connections; the data stays.
  public void stopServer() {
    RunningProgram running = server;
    if (running != null) {
      running.signal("INT"); // "fast": does not wait for clients
      running.await(START);
      server = null;
    }
  }

  /// Starts the server again after [#stopServer], on the same port.
  public void startServer() {
    if (server != null) {
      return;
    }
    if (port != 0) {
      server = launch(port).awaitOutput("ready to accept connections", START);
      return;
    }
    // Somebody may take the free port before the server does.
    for (int attempt = 1; ; attempt++) {
      int free = Ports.free();
      RunningProgram launched = launch(free);
      try {
        server = launched.awaitOutput("ready to accept connections", START);
        port = free;
        return;
      } catch (AssertionError e) {
        launched.close();
        if (attempt == PORT_ATTEMPTS || !launched.stderr().contains("Address already in use")) {
          throw e;
        }
      }
    }
  }

  /// Ends the server and deletes its data.
  @Override
  public void close() {
    RunningProgram running = server;
    if (running != null) {
      server = null;
      running.endWith("QUIT"); // "immediate": nothing is written, since nothing is kept
    }
    Folders.delete(folder);
  }

  private void initialise() throws IOException {
    Path secret = Files.writeString(folder.resolve("password"), password + "\n");
    if (runsAsRoot()) {
      own(folder);
      own(secret);
    }
    tool("initdb", "-D", data(), "-U", USER, "--pwfile=" + secret)
        .and("-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        .within(Deadlines.SERVICE)
        .run()
        .expectSuccess();
  }

  private RunningProgram launch(int onPort) {
    String durable = fsync ? "on" : "off";
    return tool("postgres", "-D", data(), "-p", Integer.toString(onPort))
        .and("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + folder)
        .and("-c", "fsync=" + durable, "-c", "synchronous_commit=" + durable)
        .and("-c", "full_page_writes=" + durable, "-c", "max_connections=100")
        .and("-c", "shared_buffers=32MB", "-c", "logging_collector=off")
        .start();
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private Program tool(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    if (runsAsRoot()) {
      // setpriv becomes the program, so that the process id is the server's own.
      command.addAll(
          List.of("setpriv", "--reuid=" + ACCOUNT, "--regid=" + ACCOUNT, "--clear-groups", "--"));
    }
    command.add(binaries.resolve(name).toString());
    command.addAll(List.of(arguments));
    return Program.of(command).in(folder).environment("HOME", folder.toString());
  }

  private static boolean runsAsRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static void own(Path file) throws IOException {
    Files.setOwner(
        file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(ACCOUNT));
  }

  private static Path newestBinaries() {
    try (Stream<Path> versions = Files.list(INSTALLATIONS)) {
      return versions
          .filter(version -> version.getFileName().toString().matches("[0-9]{1,3}"))
          .max(
              Comparator.comparingInt(
                  version -> Integer.parseInt(version.getFileName().toString())))
          .map(version -> version.resolve("bin"))
          .orElseThrow(() -> new IOException("no version in " + INSTALLATIONS));
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL is not installed: apt-get install postgresql", e);
    }
  }
}
