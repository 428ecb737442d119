package org.ongsung.server.running;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.console.ConsoleServer;
import org.ongsung.console.http.OwnRequests;
import org.ongsung.console.services.ConsoleLimits;
import org.ongsung.console.services.ConsoleServices;
import org.ongsung.console.services.ConsoleSettings;
import org.ongsung.console.services.FastCgiListener;
import org.ongsung.console.services.FrontServers;
import org.ongsung.console.services.TlsListener;
import org.ongsung.console.tls.CertificateContext;
import org.ongsung.console.tls.UnusableCertificateException;
import org.ongsung.directory.DirectoryLimits;
import org.ongsung.directory.StoredDirectory;
import org.ongsung.directory.access.AccessApplication;
import org.ongsung.directory.adhoc.AdHocLimits;
import org.ongsung.directory.adhoc.AdHocTargets;
import org.ongsung.directory.wall.Wall;
import org.ongsung.directory.wall.WallLimits;
import org.ongsung.fastcgi.server.CannotListenException;
import org.ongsung.gateway.GatewayLimits;
import org.ongsung.gateway.GatewayParts;
import org.ongsung.gateway.RecoverInterruptedSessions;
import org.ongsung.gateway.SessionDrain;
import org.ongsung.gateway.SessionGateway;
import org.ongsung.gateway.StorageWatch;
import org.ongsung.gateway.files.FileLimits;
import org.ongsung.gateway.files.FileSessions;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.gateway.terminal.Tunnels;
import org.ongsung.gateway.via.PassageLimits;
import org.ongsung.gateway.via.Passages;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Network;
import org.ongsung.model.Protocol;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.FirstAdmin;
import org.ongsung.policy.LoginLimits;
import org.ongsung.policy.LoginThrottle;
import org.ongsung.policy.PasswordHasher;
import org.ongsung.policy.PasswordLimits;
import org.ongsung.policy.ThrottledAuthenticator;
import org.ongsung.policy.TokenUpkeep;
import org.ongsung.protocols.ssh.SshHostKeys;
import org.ongsung.protocols.ssh.SshLimits;
import org.ongsung.protocols.ssh.SshProtocol;
import org.ongsung.protocols.ssh.cipher.SshCiphers;
import org.ongsung.protocols.ssh.transport.TransportLimits;
import org.ongsung.protocols.telnet.TelnetLimits;
import org.ongsung.protocols.telnet.TelnetProtocol;
import org.ongsung.recording.FileRecordingStore;
import org.ongsung.recording.RecorderLimits;
import org.ongsung.recording.Recorders;
import org.ongsung.recording.Recordings;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.configuration.FastCgiAddress;
import org.ongsung.server.configuration.ListenAddress;
import org.ongsung.server.configuration.PortRange;
import org.ongsung.server.data.DataFolder;
import org.ongsung.server.data.ReserveFile;
import org.ongsung.server.data.StartFailure;
import org.ongsung.server.data.Version;
import org.ongsung.server.upkeep.DataBackup;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseException;
import org.ongsung.store.SchemaTooNewException;
import org.ongsung.transcript.Transcriber;
import org.ongsung.transcript.TranscriberLimits;
import org.ongsung.transcript.index.SearchLimits;
import org.ongsung.transcript.index.TranscriptSearch;
import org.ongsung.vault.FileKeyVault;
import org.ongsung.vault.OwnSecrets;
import org.ongsung.vault.VaultException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A whole gateway in this process: every room opened in the order of the path, from the data
/// folder to the listeners.
///
/// [#start] returns once both listeners listen; [#drain] and then [#close] stop it.
public final class OngsungServer implements AutoCloseable {
  /// The folder of the recordings in the data folder.
  public static final String RECORDINGS = "recordings";

  /// The file that tells the first admin's password until their first login.
  public static final String ADMIN_PASSWORD = "admin-password";

  private static final Logger LOG = LoggerFactory.getLogger(OngsungServer.class);
  private static final String KEY_FILE = "vault.keys";
  private static final List<String> THIS_MACHINE = List.of("127.0.0.0/8", "::1");
  private static final Duration END_GRACE = Duration.ofSeconds(15);

  private final Configuration configuration;
  private final Clock clock;
  private final Opened opened = new Opened();
  private final DataFolder data;
  private final Database database;
  private final Ledger ledger;
  private final StoredDirectory directory;
  private final FileKeyVault vault;
  private final PasswordHasher hasher;
  private final ThrottledAuthenticator authenticator;
  private final Authorizer authorizer;
  private final Recordings recordings;
  private final SessionGateway gateway;
  private final Passages passages;
  private final FileSessions fileSessions;
  private final JobRoom jobs;
  private final Transcriber transcriber;
  private final TranscriptSearch search;
  private final ListenAddress ssh;
  private final Optional<ListenAddress> telnet;
  private final ListenAddress console;
  private final OwnRequests own;
  private Optional<ListenAddress> telnets = Optional.empty();
  private final Map<Protocol, Tunnels> tunnels = new EnumMap<>(Protocol.class);
  private Optional<FastCgiAddress> fastCgi = Optional.empty();
  private boolean freshAdmin;

  /// Starts a gateway.
  ///
  /// @throws StartFailure when it cannot, with nothing left open
  public static OngsungServer start(Configuration configuration, Clock clock) {
    return new OngsungServer(configuration, clock);
  }

  private OngsungServer(Configuration configuration, Clock clock) {
    this.configuration = configuration;
    this.clock = clock;
    try {
      data = opened.add(DataFolder.open(configuration.data()));
      ReserveFile reserve = ReserveFile.in(data.path());
      reserve.giveUpWhereFull(); // to start on a full disk needs some of it
      FutureTask<SshHostKeys> hostKeys = inTheMeantime(() -> hostKeys(data));
      database = opened.add(DatabaseStart.open(configuration, data, clock));
      ledger = opened.add(new Ledger(database.ledger(), LedgerLimits.DEFAULT));
      vault = FileKeyVault.open(data.resolve(KEY_FILE), database.secrets(), clock);
      directory =
          opened.add(
              new StoredDirectory(database.directory(), ledger, clock, DirectoryLimits.DEFAULT));
      hasher = new PasswordHasher(PasswordLimits.DEFAULT);
      authenticator =
          new ThrottledAuthenticator(
              directory,
              ledger,
              hasher,
              new LoginThrottle(LoginLimits.DEFAULT, clock, System::nanoTime),
              clock);
      authorizer = new Authorizer(directory, clock);
      FileRecordingStore files = new FileRecordingStore(data.resolve(RECORDINGS));
      Recorders recorders = opened.add(new Recorders(files, RecorderLimits.DEFAULT, clock));
      recordings = new Recordings(files, recorders::isOpen);
      recover();
      gateway = opened.add(openGateway(files, reserve, recorders));
      passages =
          opened.add(
              new Passages(
                  configuration.node(),
                  PassageLimits.DEFAULT.resumingWithin(configuration.upkeep().lease())));
      jobs =
          opened.add(
              JobRoom.open(configuration, database, files, directory, ledger, ownSecrets(), clock));
      transcriber =
          opened.add(
              new Transcriber(
                  configuration.node(),
                  database.transcripts(),
                  recordings,
                  TranscriberLimits.DEFAULT,
                  clock));
      search =
          opened.add(
              new TranscriptSearch(
                  data.resolve(DataFolder.TRANSCRIPT_INDEX),
                  database.transcripts(),
                  SearchLimits.DEFAULT));
      makeFirstAdmin();
      tell(AuditCode.SERVER_START);
      Terminals terminals = new Terminals(gateway);
      SshProtocol logins = makeSsh(terminals, result(hostKeys));
      fileSessions = new FileSessions(gateway, FileLimits.DEFAULT);
      fileSessions.reach(Protocol.SSH, logins.files(fileSessions.limits()));
      ssh = listen(logins);
      telnet = openTelnet(terminals);
      ConsoleServer pages = openConsole(terminals);
      own = pages.own();
      console = configuration.listenHttp().withPort(pages.address().getPort());
      opened.add(new TokenUpkeep(database.tokens(), directory, ledger, clock));
      opened.add(
          LocalToken.create(
              database.tokens(),
              data,
              configuration.node(),
              configuration.localUrl(console),
              clock.instant()));
      jobs.start(this::ownPost, logins::tryLogin);
      transcriber.start();
      search.start();
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw explain(e);
    }
  }

  private void recover() {
    new RecoverInterruptedSessions(
            configuration.node(), database.sessions(), recordings, ledger, clock)
        .run();
  }

  private SessionGateway openGateway(
      FileRecordingStore files, ReserveFile reserve, Recorders recorders) {
    StorageWatch storage = new StorageWatch(files, reserve, configuration.freeBytes(), clock);
    return new SessionGateway(
        new GatewayParts(
            configuration.node(),
            ledger,
            database.sessions(),
            recorders,
            storage,
            directory,
            authorizer,
            clock,
            GatewayLimits.DEFAULT));
  }

  private void makeFirstAdmin() throws IOException {
    Path file = data.resolve(ADMIN_PASSWORD);
    try {
      freshAdmin =
          new FirstAdmin(directory, hasher)
              .createIfNobodyIsThere(password -> keepAdminPassword(password));
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    }
    if (Files.exists(file)) {
      FirstAdmin.onFirstLogin(authenticator, () -> forgetAdminPassword(file));
    }
  }

  private void keepAdminPassword(String password) {
    try {
      data.write(ADMIN_PASSWORD, password + "\n");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void forgetAdminPassword(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.error("the first admin has logged in, and {} cannot be removed: remove it", file, e);
    }
  }

  private static SshHostKeys hostKeys(DataFolder data) throws IOException {
    boolean _ = SshCiphers.isNative(); // loads a library
    return SshHostKeys.loadOrCreate(data.path());
  }

  /// Host keys take as long to make as everything else takes to open.
  private static <T> FutureTask<T> inTheMeantime(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofPlatform().name("start").daemon().start(task);
    return task;
  }

  private static <T> T result(FutureTask<T> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the start was interrupted");
    }
  }

  private Optional<ListenAddress> openTelnet(Terminals terminals) throws IOException {
    TelnetProtocol protocol =
        opened.add(
            new TelnetProtocol(
                gateway,
                authenticator,
                authorizer,
                vault,
                terminals,
                passages,
                configuration.proxyProtocol(),
                TelnetLimits.DEFAULT));
    Configuration.Telnet settings = configuration.telnet();
    if (settings.tls().isPresent()) {
      openTelnets(protocol, settings.tls().get());
    }
    if (settings.tunnels().isPresent()) {
      Tunnels.Range range = range(settings.tunnels().get());
      tunnels.put(
          Protocol.TELNET,
          opened.add(
              protocol.tunnels(
                  range, Tunnels.Limits.DEFAULT, settings.cleartextFrom(), ledger, clock)));
    }
    if (settings.listen().isEmpty()) {
      return Optional.empty();
    }
    ListenAddress wanted = settings.listen().get();
    try {
      return Optional.of(
          wanted.withPort(protocol.listen(wanted.resolve(), settings.cleartextFrom()).getPort()));
    } catch (IOException e) {
      if (settings.named()) {
        throw cannotListen("listen.telnet", wanted, e);
      }
      LOG.warn("{} is taken: nobody can come by Telnet. Set listen.telnet", wanted);
      return Optional.empty();
    }
  }

  private Tunnels.Range range(PortRange ports) throws UnknownHostException {
    String host =
        configuration
            .publicSsh()
            .map(address -> address.host())
            .orElse(ports.isAny() ? configuration.node() : ports.host());
    return new Tunnels.Range(
        InetAddress.getByName(ports.host()), ports.first(), ports.last(), host);
  }

  private void openTelnets(TelnetProtocol protocol, Configuration.Tls settings) throws IOException {
    ListenAddress wanted = settings.listen();
    try {
      CertificateContext certificate = opened.add(CertificateContext.open(settings.files()));
      telnets =
          Optional.of(
              wanted.withPort(
                  protocol.listenWithTls(wanted.resolve(), certificate::context).getPort()));
    } catch (UnusableCertificateException e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e.advice(), e);
    } catch (IOException e) {
      throw cannotListen("listen.telnets", wanted, e);
    }
  }

  private SshProtocol makeSsh(Terminals terminals, SshHostKeys hostKeys) {
    return opened.add(
        new SshProtocol(
            gateway,
            authenticator,
            authorizer,
            vault,
            hostKeys,
            terminals,
            passages,
            configuration.proxyProtocol(),
            SshLimits.DEFAULT,
            TransportLimits.DEFAULT));
  }

  private ListenAddress listen(SshProtocol protocol) throws IOException {
    ListenAddress wanted = configuration.listenSsh();
    try {
      ListenAddress bound = wanted.withPort(protocol.start(wanted.resolve()).getPort());
      if (configuration.telnet().tunnels().isPresent()) {
        Tunnels.Range range = range(configuration.telnet().tunnels().get());
        tunnels.put(
            Protocol.SSH,
            opened.add(protocol.tunnels(range, Tunnels.Limits.DEFAULT, ledger, clock)));
      }
      return bound;
    } catch (IOException e) {
      throw cannotListen("listen.ssh", wanted, e);
    }
  }

  /// A job's post to one of this console's own addresses, in process.
  private OptionalInt ownPost(URI url, byte[] json) throws IOException, InterruptedException {
    List<URI> addresses =
        Stream.concat(
                Stream.of(consoleUrl(), configuration.localUrl(console)),
                configuration.localTlsUrl().stream())
            .toList();
    return own.post(addresses, url, json);
  }

  private ConsoleServer openConsole(Terminals terminals) throws IOException {
    ListenAddress wanted = configuration.listenHttp();
    try {
      ConsoleServer server =
          opened.add(
              new ConsoleServer(
                  consoleServices(terminals), consoleSettings(wanted), ConsoleLimits.DEFAULT));
      server.start();
      fastCgi = configuration.listenFastCgi().map(address -> taken(address, server));
      return server;
    } catch (UnusableCertificateException e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e.advice(), e);
    } catch (CannotListenException e) {
      throw new StartFailure(
          StartFailure.cause(e) + (e.getCause() == null ? "" : ": " + e.getCause().getMessage()),
          "Set another address under listen.fastcgi, or stop what uses it; the folder of a socket"
              + " must be there and writable.",
          e);
    } catch (IOException e) {
      throw cannotListen("listen.http", wanted, e);
    }
  }

  private ConsoleServices consoleServices(Terminals terminals) {
    return new ConsoleServices(
        directory,
        access(),
        hasher,
        authenticator,
        authorizer,
        database.tokens(),
        ledger,
        database.sessions(),
        database.retention(),
        recordings,
        database.transcripts(),
        search,
        gateway,
        gateway,
        terminals,
        gateway::figures,
        Optional.of(fileSessions),
        out -> new DataBackup(data.path(), database).write(out, clock.instant()),
        jobs.reports()::open,
        jobs.jobs(),
        jobs.queue(),
        passages,
        new Wall(database.wall(), ledger, clock, WallLimits.DEFAULT),
        ownSecrets(),
        configuration
            .adHoc()
            .map(
                adHoc ->
                    new AdHocTargets(
                        directory, vault, adHoc.networks(), adHoc.like(), AdHocLimits.DEFAULT)),
        Map.copyOf(tunnels),
        clock);
  }

  private OwnSecrets ownSecrets() {
    return new OwnSecrets(vault, database.ownSecrets());
  }

  private ConsoleSettings consoleSettings(ListenAddress wanted) throws UnknownHostException {
    String sshHost =
        configuration
            .publicSsh()
            .map(address -> address.host())
            .orElse(ssh.isAny() ? configuration.node() : ssh.host());
    int sshPort = configuration.publicSsh().map(address -> address.port()).orElse(ssh.port());
    boolean https =
        configuration.publicUrl().map(url -> "https".equals(url.getScheme())).orElse(false);
    return new ConsoleSettings(
        wanted.resolve(),
        tls(),
        configuration.base(),
        new FrontServers(fastCgi(), configuration.trustedProxies(), configuration.proxyProtocol()),
        sshHost,
        sshPort,
        "",
        https,
        ZoneId.systemDefault(),
        Version.text());
  }

  private Optional<TlsListener> tls() throws UnknownHostException {
    Optional<Configuration.Tls> tls = configuration.tls();
    return tls.isEmpty()
        ? Optional.empty()
        : Optional.of(new TlsListener(tls.get().listen().resolve(), tls.get().files()));
  }

  private Optional<FastCgiListener> fastCgi() throws UnknownHostException {
    if (configuration.listenFastCgi().isEmpty()) {
      return Optional.empty();
    }
    List<String> peers = configuration.trustedProxies().stream().map(Network::toString).toList();
    return Optional.of(
        new FastCgiListener(
            configuration.listenFastCgi().get().resolve(), peers.isEmpty() ? THIS_MACHINE : peers));
  }

  private static StartFailure cannotListen(String key, ListenAddress wanted, IOException e) {
    String why =
        e instanceof BindException || e.getCause() instanceof BindException
            ? "the address is taken by another program, or not this machine's, or needs more rights"
            : StartFailure.cause(e);
    return new StartFailure(
        "cannot listen on " + wanted + ": " + why,
        "Set another one under " + key + ", or stop what uses it (ss -ltnp shows what).",
        e);
  }

  private static StartFailure explain(Exception e) {
    return switch (e) {
      case StartFailure failure -> failure;
      case SchemaTooNewException newer ->
          new StartFailure(String.valueOf(newer.getMessage()), "", newer);
      case DatabaseException database ->
          new StartFailure(String.valueOf(database.getMessage()), "", database);
      case VaultException vault -> new StartFailure(String.valueOf(vault.getMessage()), "", vault);
      case IOException io -> new StartFailure(StartFailure.cause(io), "", io);
      default -> throw (RuntimeException) e;
    };
  }

  private void tell(AuditCode code) {
    ledger.append(
        new AuditEvent(
            clock.instant(),
            code,
            AuditEvent.SYSTEM,
            "",
            null,
            configuration.node(),
            Map.of("version", Version.text())));
  }

  /// Where people's SSH clients connect, with the port that was taken.
  public ListenAddress ssh() {
    return ssh;
  }

  /// Where people's Telnet clients connect in the clear, with the port that was taken, if they may.
  public Optional<ListenAddress> telnet() {
    return telnet;
  }

  /// Where people's Telnet clients connect by TLS, with the port that was taken, if they may.
  public Optional<ListenAddress> telnets() {
    return telnets;
  }

  /// Where the console is, with the port that was taken.
  public ListenAddress console() {
    return console;
  }

  /// Where front servers connect by FastCGI, with the port that was taken, if they may.
  public Optional<FastCgiAddress> fastCgiAddress() {
    return fastCgi;
  }

  private static FastCgiAddress taken(FastCgiAddress wanted, ConsoleServer server) {
    return wanted instanceof FastCgiAddress.Tcp tcp
            && server.fastCgiAddress().orElse(null) instanceof InetSocketAddress open
        ? new FastCgiAddress.Tcp(tcp.address().withPort(open.getPort()))
        : wanted;
  }

  /// The URL of the console for a browser on this machine.
  public URI consoleUrl() {
    return configuration.publicUrl().orElseGet(() -> configuration.localUrl(console));
  }

  /// The file with the password of the admin that this start has made, if it has.
  public Optional<Path> freshAdminPassword() {
    return freshAdmin ? Optional.of(data.resolve(ADMIN_PASSWORD)) : Optional.empty();
  }

  /// Applies access documents, for a start that brings its own.
  public AccessApplication access() {
    return new AccessApplication(directory, DirectoryLimits.DEFAULT, hasher, vault);
  }

  /// Refuses new sessions, tells the people in the live ones, waits for them, and ends what is
  /// left.
  public void drain() {
    new SessionDrain(gateway, configuration.drain(), END_GRACE).run();
  }

  /// Stops; see [#drain] for doing so gently.
  @Override
  public void close() {
    try {
      tell(AuditCode.SERVER_STOP);
    } catch (RuntimeException e) {
      LOG.error("the stop could not be written into the ledger", e);
    }
    opened.close();
  }
}
