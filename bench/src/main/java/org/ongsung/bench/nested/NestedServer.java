package org.ongsung.bench.nested;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.console.ConsoleServer;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.BasePath;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.ConsoleLimits;
import org.ongsung.console.services.ConsoleServices;
import org.ongsung.console.services.ConsoleSettings;
import org.ongsung.console.services.FrontServers;
import org.ongsung.directory.DirectoryLimits;
import org.ongsung.directory.StoredDirectory;
import org.ongsung.directory.access.AccessApplication;
import org.ongsung.directory.wall.Wall;
import org.ongsung.directory.wall.WallLimits;
import org.ongsung.gateway.ClientConnection;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.GatewayFigures;
import org.ongsung.gateway.HostKeyVerdict;
import org.ongsung.gateway.LiveSessions;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.gateway.via.PassageLimits;
import org.ongsung.gateway.via.Passages;
import org.ongsung.jobs.JobLimits;
import org.ongsung.jobs.Jobs;
import org.ongsung.jobs.LeaseDesk;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.model.SshPublicKey;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.LoginLimits;
import org.ongsung.policy.LoginThrottle;
import org.ongsung.policy.PasswordHasher;
import org.ongsung.policy.PasswordLimits;
import org.ongsung.policy.TargetGrant;
import org.ongsung.policy.ThrottledAuthenticator;
import org.ongsung.recording.FileRecordingStore;
import org.ongsung.recording.Recordings;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.transcript.index.FoundLines;
import org.ongsung.vault.FileKeyVault;
import org.ongsung.vault.OwnSecrets;

/// The console with its usual limits over a real database, in a process of its own, and routes that
/// ask the system for themselves: `/api/v1/roundN/nest/DEPTH` reads one of a thousand sessions,
/// writes an event of the ledger, durably, and asks for one depth less until none is left.
///
/// Prints its port; answers each line of its input with the most memory it ever had, in KiB; ends
/// with its input.
final class NestedServer {
  private static final int SESSIONS = 1_000;
  private static final ApiDoc DOC = ApiDoc.of("A measurement.", "", "");

  private final Database database;
  private final Ledger ledger;
  private final Clock clock = Clock.systemUTC();
  private final List<SessionId> sessions;

  private NestedServer(DatabaseConfig config) {
    database = Database.open(config);
    database.migrate();
    ledger = new Ledger(database.ledger(), LedgerLimits.DEFAULT);
    sessions = Stream.generate(this::newSession).limit(SESSIONS).toList();
  }

  private SessionId newSession() {
    SessionId session = SessionId.create(clock.instant());
    database
        .sessions()
        .start(
            new Session(
                session,
                Name.of("alice"),
                Name.of("web-1"),
                Name.of("root"),
                "root",
                Protocol.SSH,
                Name.of("ops-on-prod"),
                "publickey",
                "127.0.0.1",
                "SSH-2.0-OpenSSH_9.2",
                "node",
                clock.instant(),
                null));
    return session;
  }

  /// Serves.
  ///
  /// @param arguments the data folder; then URL, user and password of PostgreSQL where it is that
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    DatabaseConfig config =
        arguments.length == 1
            ? new DatabaseConfig.Embedded(folder)
            : new DatabaseConfig.Postgres(arguments[1], arguments[2], arguments[3], 4);
    new NestedServer(config).serve(folder);
  }

  private void serve(Path folder) throws IOException {
    PasswordHasher hasher = new PasswordHasher(PasswordLimits.DEFAULT);
    StoredDirectory directory =
        new StoredDirectory(database.directory(), ledger, clock, DirectoryLimits.DEFAULT);
    ThrottledAuthenticator authenticator =
        new ThrottledAuthenticator(
            directory,
            ledger,
            hasher,
            new LoginThrottle(LoginLimits.DEFAULT, clock, System::nanoTime),
            clock);
    Jobs jobs =
        new Jobs(database.jobs(), database.wakeups("bench"), "bench", JobLimits.DEFAULT, clock);
    FileRecordingStore files = new FileRecordingStore(folder.resolve("recordings"));
    FileKeyVault vault = FileKeyVault.open(folder.resolve("vault.keys"), database.secrets(), clock);
    ConsoleServices services =
        new ConsoleServices(
            directory,
            new AccessApplication(directory, DirectoryLimits.DEFAULT, hasher, vault),
            hasher,
            authenticator,
            new Authorizer(directory, clock),
            database.tokens(),
            ledger,
            database.sessions(),
            database.retention(),
            new Recordings(files, _ -> false),
            database.transcripts(),
            _ -> new FoundLines(List.of(), null, false),
            new NoSessions(),
            new NoGateway(),
            new Terminals(new NoGateway()),
            () -> new GatewayFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            Optional.empty(),
            _ -> {},
            _ -> Optional.empty(),
            jobs,
            new LeaseDesk(jobs, _ -> Optional.empty()),
            new Passages("bench", PassageLimits.DEFAULT),
            new Wall(database.wall(), ledger, clock, WallLimits.DEFAULT),
            new OwnSecrets(vault, database.ownSecrets()),
            Optional.empty(),
            Map.of(),
            clock);
    ConsoleSettings settings =
        new ConsoleSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            BasePath.ROOT,
            FrontServers.NONE,
            "localhost",
            22,
            "",
            false,
            ZoneId.from(ZoneOffset.UTC),
            "bench");
    ConsoleServer server =
        new ConsoleServer(services, settings, ConsoleLimits.DEFAULT, this::routes);
    server.start();
    System.out.println(server.address().getPort());
    while (System.in.read() >= 0) {
      System.out.println(mostResidentKib());
    }
    server.close();
    ledger.close();
    database.close();
  }

  private void routes(RouteTable.Builder table) {
    for (int round = 0; round < NestedBench.ROUNDS_AT_MOST; round++) {
      String template = "/round" + round + "/nest/{depth}";
      String path = "/api/v1/round" + round + "/nest/";
      table.api("GET", template, Access.PUBLIC, DOC, exchange -> nest(exchange, path));
    }
  }

  private Reply nest(Exchange exchange, String path) throws IOException, InterruptedException {
    int depth = exchange.numberVariable("depth");
    SessionId session = sessions.get(ThreadLocalRandom.current().nextInt(SESSIONS));
    if (database.sessions().find(session).isEmpty()) {
      throw new IllegalStateException("the session is gone");
    }
    Instant now = clock.instant();
    ledger.append(
        new AuditEvent(
            now,
            AuditCode.SESSION_START,
            "alice",
            "127.0.0.1",
            SessionId.create(now),
            "",
            Map.of()));
    if (depth > 0) {
      return Json.ok(exchange.ask("GET", path + (depth - 1), Map.of()));
    }
    return Json.ok(Map.of("depth", exchange.nesting().depth()));
  }

  private static String mostResidentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> line.replaceAll("\\D", ""))
        .findFirst()
        .orElse("0");
  }

  /// Nobody has a terminal here.
  private static final class NoGateway implements Gateway {
    @Override
    public OpenSession open(TargetGrant grant, ClientConnection client) {
      throw new UnsupportedOperationException("no sessions here");
    }

    @Override
    public void denied(
        AuthenticatedUser user, AccessRequest request, ClientConnection client, String reason) {}

    @Override
    public HostKeyVerdict verifyHostKey(OpenSession session, SshPublicKey proven) {
      throw new UnsupportedOperationException("no sessions here");
    }
  }

  private static final class NoSessions implements LiveSessions {
    @Override
    public List<Session> list() {
      return List.of();
    }

    @Override
    public Optional<Session> find(SessionId id) {
      return Optional.empty();
    }

    @Override
    public boolean terminate(SessionId id, Name by, String reason) {
      return false;
    }
  }
}
