package org.ongsung.console.house;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.console.ConsoleServer;
import org.ongsung.console.http.BasePath;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.ConsoleLimits;
import org.ongsung.console.services.ConsoleServices;
import org.ongsung.console.services.ConsoleSettings;
import org.ongsung.console.services.FrontServers;
import org.ongsung.directory.Actor;
import org.ongsung.directory.DirectoryLimits;
import org.ongsung.directory.StoredDirectory;
import org.ongsung.directory.access.AccessApplication;
import org.ongsung.directory.wall.Wall;
import org.ongsung.directory.wall.WallLimits;
import org.ongsung.gateway.GatewayFigures;
import org.ongsung.gateway.LiveSessions;
import org.ongsung.gateway.files.FileLimits;
import org.ongsung.gateway.files.FileSessions;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.gateway.terminal.Tunnels;
import org.ongsung.gateway.via.PassageLimits;
import org.ongsung.gateway.via.Passages;
import org.ongsung.jobs.Destination;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobContext;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLimits;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobWork;
import org.ongsung.jobs.JobWorker;
import org.ongsung.jobs.Jobs;
import org.ongsung.jobs.LeaseDesk;
import org.ongsung.jobs.WorkFailedException;
import org.ongsung.model.EndReason;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.Protocol;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.LoginAttempt;
import org.ongsung.policy.LoginLimits;
import org.ongsung.policy.LoginResult;
import org.ongsung.policy.LoginThrottle;
import org.ongsung.policy.PasswordHasher;
import org.ongsung.policy.PasswordLimits;
import org.ongsung.policy.ThrottledAuthenticator;
import org.ongsung.recording.Recordings;
import org.ongsung.recording.Retention;
import org.ongsung.transcript.line.Direction;
import org.ongsung.vault.OwnSecrets;

/// A console that runs alone on a free loopback port, with real policy and directory over stores in
/// memory, filled with [Samples].
public final class ConsoleHouse implements AutoCloseable {
  private static final LoginLimits WITHOUT_WAITING =
      new LoginLimits(
          3,
          Duration.ofMillis(1),
          Duration.ofMillis(1),
          Duration.ofMillis(1),
          10,
          3,
          30,
          Duration.ofMinutes(5),
          Duration.ofHours(4),
          Duration.ofMinutes(30),
          Duration.ofDays(1),
          1_000,
          Duration.ofMinutes(1));

  private final Passages passages = new Passages("gate-1", PassageLimits.DEFAULT);
  private final MemoryLedgerStore ledgerStore = new MemoryLedgerStore();
  private final MemorySessionStore sessions = new MemorySessionStore();
  private final MemoryRetentionStore retention = new MemoryRetentionStore(sessions);
  private final MemoryRecordingStore recordings = new MemoryRecordingStore();
  private final MemoryTranscripts transcripts = new MemoryTranscripts();
  private final MemoryTokenStore tokens = new MemoryTokenStore();
  private final MemoryWallStore wallStore = new MemoryWallStore();
  private volatile Instant now = Samples.NOW;
  private final InstantSource clock = () -> now;
  private final Ledger ledger = new Ledger(ledgerStore, LedgerLimits.DEFAULT);
  private final PasswordHasher loginHasher;
  private final PasswordHasher editHasher;
  private final StoredDirectory directory;
  private volatile Optional<JobResult.Probed> way = Optional.empty();
  private @Nullable JobWorker worker;
  private final List<Session> samples;
  private final ThrottledAuthenticator authenticator;
  private final BasePath base;
  private final MemoryJobStore jobStore = new MemoryJobStore();
  private final Jobs jobs =
      new Jobs(jobStore, new SilentWakeups(), "gate", JobLimits.DEFAULT, clock);
  private final List<Job> sampleJobs;
  private final HouseGateway gateway = new HouseGateway();
  private final HouseFiles files = new HouseFiles();
  private final ConsoleServer server;

  private ConsoleHouse(
      int port,
      BasePath base,
      boolean filled,
      ConsoleLimits limits,
      PasswordLimits logins,
      PasswordLimits edits,
      Consumer<RouteTable.Builder> more)
      throws java.io.IOException {
    this(port, base, filled, limits, logins, edits, more, FileLimits.DEFAULT);
  }

  private ConsoleHouse(
      int port,
      BasePath base,
      boolean filled,
      ConsoleLimits limits,
      PasswordLimits logins,
      PasswordLimits edits,
      Consumer<RouteTable.Builder> more,
      FileLimits fileLimits)
      throws java.io.IOException {
    this.base = base;
    loginHasher = new PasswordHasher(logins);
    editHasher = new PasswordHasher(edits);
    MemoryDirectoryStore store = new MemoryDirectoryStore();
    directory = new StoredDirectory(store, ledger, clock, DirectoryLimits.DEFAULT);
    PasswordHash hash;
    try (PasswordHasher patient = new PasswordHasher(PasswordLimits.DEFAULT)) {
      hash = patient.hash(Samples.PASSWORD);
    }
    directory.change(Actor.SYSTEM, _ -> filled ? Samples.directory(hash) : Samples.fresh(hash));
    samples = filled ? Samples.sessions(sessions) : List.of();
    sampleJobs = filled ? SampleJobs.fill(jobStore) : List.of();
    if (filled) {
      Samples.recordings(recordings, samples);
      Samples.lines(transcripts, samples);
      Samples.events(samples).forEach(ledger::append);
      boolean _ =
          retention.hold(
              samples.get(2).id(), new Retention.Hold("bora", Samples.NOW, Samples.HOLD));
      boolean _ = retention.beginPurge(samples.get(4).id(), Samples.NOW);
      retention.endPurge(samples.get(4).id(), 1, 48_211);
    }
    authenticator =
        new ThrottledAuthenticator(
            directory,
            ledger,
            loginHasher,
            new LoginThrottle(WITHOUT_WAITING, clock, System::nanoTime),
            clock);
    Wall wall = new Wall(wallStore, ledger, clock, WallLimits.DEFAULT);
    if (filled) {
      Samples.wall(wall);
    }
    ConsoleServices services =
        new ConsoleServices(
            directory,
            new AccessApplication(directory, DirectoryLimits.DEFAULT, editHasher, new PlainVault()),
            editHasher,
            authenticator,
            new Authorizer(directory, clock),
            tokens,
            ledger,
            sessions,
            retention,
            new Recordings(recordings, recordings::isGrowing),
            transcripts,
            transcripts,
            new StoredLiveSessions(),
            gateway,
            terminals(),
            () -> new GatewayFigures(1, 1, 5, 0, 1, 48_291, 9_911_204, 0, 0, 1L << 40),
            Optional.of(fileSessions(fileLimits)),
            out -> out.write(new byte[] {0x1f, (byte) 0x8b}),
            ConsoleHouse::report,
            jobs,
            new LeaseDesk(jobs, target -> directory.snapshot().target(target).map(Destination::of)),
            passages,
            wall,
            new OwnSecrets(new PlainVault(), new MemoryOwnSecrets()),
            Optional.of(Samples.adHoc(directory)),
            Map.of(Protocol.TELNET, ConsoleHouse::tunnel, Protocol.SSH, ConsoleHouse::sshTunnel),
            clock);
    ConsoleSettings settings =
        new ConsoleSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            Optional.empty(),
            base,
            FrontServers.NONE,
            "gate.example.com",
            2222,
            "",
            false,
            ZoneId.of("Asia/Seoul"),
            "test");
    server = new ConsoleServer(services, settings, limits, more);
    server.start();
  }

  /// Starts on a free port.
  public static ConsoleHouse start() throws java.io.IOException {
    return start(ConsoleLimits.DEFAULT);
  }

  /// Starts with other limits.
  public static ConsoleHouse start(ConsoleLimits limits) throws java.io.IOException {
    return new ConsoleHouse(
        0, BasePath.ROOT, true, limits, PasswordLimits.DEFAULT, PasswordLimits.DEFAULT, _ -> {});
  }

  /// Starts with other limits on files.
  public static ConsoleHouse start(FileLimits files) throws java.io.IOException {
    return new ConsoleHouse(
        0,
        BasePath.ROOT,
        true,
        ConsoleLimits.DEFAULT,
        PasswordLimits.DEFAULT,
        PasswordLimits.DEFAULT,
        _ -> {},
        files);
  }

  /// Starts with routes of a test's own.
  public static ConsoleHouse start(ConsoleLimits limits, Consumer<RouteTable.Builder> more)
      throws java.io.IOException {
    return new ConsoleHouse(
        0, BasePath.ROOT, true, limits, PasswordLimits.DEFAULT, PasswordLimits.DEFAULT, more);
  }

  /// Starts with other limits on the hashing of passwords.
  ///
  /// @param logins where they are checked at a login
  /// @param edits where they are changed
  public static ConsoleHouse start(PasswordLimits logins, PasswordLimits edits)
      throws java.io.IOException {
    return new ConsoleHouse(0, BasePath.ROOT, true, ConsoleLimits.DEFAULT, logins, edits, _ -> {});
  }

  /// Starts under a path.
  public static ConsoleHouse under(BasePath base) throws java.io.IOException {
    return new ConsoleHouse(
        0,
        base,
        true,
        ConsoleLimits.DEFAULT,
        PasswordLimits.DEFAULT,
        PasswordLimits.DEFAULT,
        _ -> {});
  }

  /// Starts with an administrator and nothing else.
  public static ConsoleHouse fresh() throws java.io.IOException {
    return new ConsoleHouse(
        0,
        BasePath.ROOT,
        false,
        ConsoleLimits.DEFAULT,
        PasswordLimits.DEFAULT,
        PasswordLimits.DEFAULT,
        _ -> {});
  }

  /// Lets time pass.
  public void advance(Duration time) {
    now = now.plus(time);
  }

  /// Blocks an address by failing at its logins.
  public void block(String address, String user) throws java.io.IOException {
    InetAddress from = InetAddress.getByName(address);
    LoginAttempt attempt = new LoginAttempt(user, from, "ssh");
    while (!(authenticator.password(attempt, "wrong") instanceof LoginResult.Blocked)) {
      // once more
    }
  }

  /// Runs until it is interrupted; for looking at pages.
  ///
  /// @param arguments the port
  public static void main(String[] arguments) throws Exception {
    try (ConsoleHouse house =
        new ConsoleHouse(
            Integer.parseInt(arguments[0]),
            BasePath.ROOT,
            true,
            ConsoleLimits.DEFAULT,
            PasswordLimits.DEFAULT,
            PasswordLimits.DEFAULT,
            _ -> {})) {
      System.out.println(house.uri("/") + " live " + house.samples.getFirst().id());
      Thread.sleep(Duration.ofDays(1));
    }
  }

  /// The URL of an address within the console.
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + base.address(path));
  }

  public ConsoleServer server() {
    return server;
  }

  /// What became of terminals in browsers.
  public HouseGateway gateway() {
    return gateway;
  }

  private Terminals terminals() {
    Terminals terminals = new Terminals(gateway);
    for (Protocol protocol : Protocol.values()) {
      terminals.reach(
          protocol,
          (session, _) ->
              new EchoTarget(
                  "Welcome. 환영합니다.\r\n",
                  session.grant().account().login()
                      + "@"
                      + session.grant().target().name()
                      + ":~$ "));
    }
    return terminals;
  }

  private FileSessions fileSessions(FileLimits limits) {
    FileSessions made = new FileSessions(gateway, limits);
    made.reach(Protocol.SSH, _ -> files);
    return made;
  }

  /// The files of every SSH target.
  public HouseFiles files() {
    return files;
  }

  public Jobs jobs() {
    return jobs;
  }

  /// From now on a worker finds `found` whenever somebody connects.
  public void findsWay(JobResult.Probed found) {
    way = Optional.of(found);
    startWorker();
  }

  /// From now on a worker tries whenever somebody connects, and cannot do it.
  public void failsToFindWay() {
    way = Optional.empty();
    startWorker();
  }

  private JobResult look(JobContext context) throws WorkFailedException {
    return new JobResult.Way(
        context.worker(),
        way.orElseThrow(() -> new WorkFailedException("no inner detail is told", true, null)));
  }

  private synchronized void startWorker() {
    if (worker == null) {
      LeaseDesk desk = new LeaseDesk(jobs, ConsoleHouse::destination);
      JobWork work = (_, _, context) -> look(context);
      worker =
          new JobWorker("near", "gate", desk, Map.of(JobKind.SESSION, work), 4, Clock.systemUTC());
      worker.start();
    }
  }

  private static Optional<InputStream> report(String name) {
    return name.equals(SampleJobs.REPORT)
        ? Optional.of(new ByteArrayInputStream("session,user\r\n".getBytes(StandardCharsets.UTF_8)))
        : Optional.empty();
  }

  private static Optional<Tunnels.Tunnel> tunnel(AuthenticatedUser user, AccessRequest access) {
    return Optional.of(
        new Tunnels.Tunnel("gate.example.com", 24_007, "", Instant.parse("2026-03-02T01:01:00Z")));
  }

  private static Optional<Tunnels.Tunnel> sshTunnel(AuthenticatedUser user, AccessRequest access) {
    return Optional.of(
        new Tunnels.Tunnel(
            "gate.example.com",
            24_008,
            "once-0123456789abcdef0123456789abcdef",
            Instant.parse("2026-03-02T01:01:00Z")));
  }

  private static Optional<Destination> destination(Name target) {
    return Optional.of(
        new Destination(target, Protocol.SSH, new HostAndPort("10.0.0.1", 22), List.of()));
  }

  /// What a worker saw of a target.
  public static JobResult.Probed seen(boolean reachable, HostKeyCheck hostKey) {
    return new JobResult.Probed(
        reachable,
        reachable ? "" : "the inner network says no",
        Duration.ofMillis(3),
        "SSH-2.0-OpenSSH",
        reachable ? "SHA256:b6dPC7SQ1XhNpoVx2hVu3GBaO6fHSGJ6qFSuPrV1HBA" : "",
        hostKey);
  }

  public MemoryLedgerStore ledgerStore() {
    return ledgerStore;
  }

  /// How often anybody was asked whose a token is.
  public int tokenQuestions() {
    return tokens.questions();
  }

  public StoredDirectory directory() {
    return directory;
  }

  public void searchesAreBusy(boolean now) {
    transcripts.busy(now);
  }

  /// Says after how many lines the time of a search is up.
  public void searchesLookAt(int lines) {
    transcripts.lookAt(lines);
  }

  /// Has a session show lines, all in one moment.
  public void show(Session session, List<String> lines) {
    lines.forEach(line -> transcripts.add(session, Direction.OUTPUT, 5, "", line));
  }

  /// Puts targets there that alice may reach, and her sessions with them: names of targets, each as
  /// root, the oldest first.
  public void use(List<String> targets) {
    Samples.use(directory, sessions, targets);
  }

  /// What was recorded.
  public MemoryRecordingStore recordings() {
    return recordings;
  }

  public MemorySessionStore sessions() {
    return sessions;
  }

  /// Live (alice's), ended (alice's), terminated and held (chulsoo's), one with every kind of
  /// channel (alice's), one whose recordings are purged (alice's).
  public List<Session> samples() {
    return samples;
  }

  /// As [SampleJobs#fill] has them.
  public List<Job> sampleJobs() {
    return sampleJobs;
  }

  @Override
  public synchronized void close() {
    if (worker != null) {
      worker.close();
    }
    server.close();
    directory.close();
    ledger.close();
    loginHasher.close();
    editHasher.close();
  }

  /// Live is what the store says; ending one writes it there.
  private final class StoredLiveSessions implements LiveSessions {
    @Override
    public List<Session> list() {
      return samples.stream().flatMap(one -> find(one.id()).stream()).toList();
    }

    @Override
    public Optional<Session> find(SessionId id) {
      return sessions.find(id).filter(session -> session.state() == SessionState.LIVE);
    }

    @Override
    public boolean terminate(SessionId id, Name by, String reason) {
      return sessions.end(
          id,
          new Session.End(
              clock.instant(),
              SessionState.TERMINATED,
              EndReason.of(EndReason.Code.ADMINISTRATOR, reason),
              by,
              1,
              2));
    }
  }
}
