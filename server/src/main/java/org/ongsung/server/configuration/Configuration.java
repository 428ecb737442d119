package org.ongsung.server.configuration;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ongsung.console.http.BasePath;
import org.ongsung.console.tls.CertificateFiles;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.store.DatabaseConfig;

/// How one gateway process is set up; see docs/configuration.md for every key.
///
/// @param file where it was read from, or empty when all are defaults
/// @param data absolute
/// @param freeBytes below so much free space new sessions are refused
public record Configuration(
    Optional<Path> file,
    Path data,
    String node,
    ListenAddress listenSsh,
    ListenAddress listenHttp,
    Optional<FastCgiAddress> listenFastCgi,
    Telnet telnet,
    Optional<Tls> tls,
    Optional<HostAndPort> publicSsh,
    Optional<URI> publicUrl,
    List<Network> trustedProxies,
    List<Network> proxyProtocol,
    Optional<AdHoc> adHoc,
    Database database,
    Duration drain,
    Upkeep upkeep,
    long freeBytes,
    LogLevel logLevel) {
  public Configuration {
    trustedProxies = List.copyOf(trustedProxies);
    proxyProtocol = List.copyOf(proxyProtocol);
  }

  /// Targets that people may register by going there.
  ///
  /// @param networks in which
  /// @param like the target that lends them labels and accounts
  public record AdHoc(List<Network> networks, Name like) {
    public AdHoc {
      networks = List.copyOf(networks);
    }
  }

  /// How people come by Telnet.
  ///
  /// @param listen in the clear; empty for no such listener
  /// @param named whether the configuration says so; the usual listener is left out where something
  ///   else has its port
  /// @param tls with TLS from the first byte
  /// @param cleartextFrom the networks, besides this machine, that may come in the clear
  /// @param tunnels where one-time ports are, if there are any
  public record Telnet(
      Optional<ListenAddress> listen,
      boolean named,
      Optional<Tls> tls,
      List<Network> cleartextFrom,
      Optional<PortRange> tunnels) {
    public Telnet {
      cleartextFrom = List.copyOf(cleartextFrom);
    }
  }

  /// A listener with TLS.
  public record Tls(ListenAddress listen, CertificateFiles files) {}

  /// What is done besides carrying sessions.
  ///
  /// @param lease how long a worker is silent before its jobs are taken over
  /// @param recordingDays how many days recordings are kept; empty for ever
  /// @param reportDays how many days files of reports are kept
  /// @param notices who outside is told of what
  public record Upkeep(
      Duration lease, Optional<Integer> recordingDays, int reportDays, Notices notices) {
    /// Nothing is deleted, and nobody told.
    public static final Upkeep DEFAULT =
        new Upkeep(
            Keys.DEFAULT_JOB_LEASE, Optional.empty(), Keys.DEFAULT_REPORT_DAYS, Notices.NONE);
  }

  /// Which database.
  ///
  /// @param url a JDBC URL, or empty for SQLite in the data folder
  /// @param connections of PostgreSQL's pool
  public record Database(
      Optional<String> url, Optional<String> user, Optional<Path> passwordFile, int connections) {
    /// SQLite in the data folder.
    public static final Database EMBEDDED =
        new Database(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            DatabaseConfig.Postgres.DEFAULT_POOL_CONNECTIONS);
  }

  /// All defaults, with the data in `data`, on free ports of the loopback address.
  public static Configuration onFreePorts(Path data) {
    ListenAddress any = new ListenAddress("127.0.0.1", 0);
    return new Configuration(
        Optional.empty(),
        data.toAbsolutePath(),
        Keys.machineName(),
        any,
        any,
        Optional.empty(),
        new Telnet(Optional.of(any), true, Optional.empty(), List.of(), Optional.empty()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty(),
        Database.EMBEDDED,
        Keys.DEFAULT_DRAIN,
        Upkeep.DEFAULT,
        Keys.DEFAULT_FREE_BYTES,
        LogLevel.INFO);
  }

  /// The same with other listeners.
  public Configuration listening(ListenAddress ssh, ListenAddress http) {
    return new Configuration(
        file,
        data,
        node,
        ssh,
        http,
        listenFastCgi,
        telnet,
        tls,
        publicSsh,
        publicUrl,
        trustedProxies,
        proxyProtocol,
        adHoc,
        database,
        drain,
        upkeep,
        freeBytes,
        logLevel);
  }

  /// The same with another level of log, time to drain and mark of free space.
  public Configuration with(LogLevel otherLevel, Duration otherDrain, long otherFreeBytes) {
    return new Configuration(
        file,
        data,
        node,
        listenSsh,
        listenHttp,
        listenFastCgi,
        telnet,
        tls,
        publicSsh,
        publicUrl,
        trustedProxies,
        proxyProtocol,
        adHoc,
        database,
        otherDrain,
        upkeep,
        otherFreeBytes,
        otherLevel);
  }

  /// The same on another database.
  public Configuration on(Database other) {
    return new Configuration(
        file,
        data,
        node,
        listenSsh,
        listenHttp,
        listenFastCgi,
        telnet,
        tls,
        publicSsh,
        publicUrl,
        trustedProxies,
        proxyProtocol,
        adHoc,
        other,
        drain,
        upkeep,
        freeBytes,
        logLevel);
  }

  /// The path under which browsers see the console.
  public BasePath base() {
    return publicUrl.map(URI::getRawPath).map(BasePath::of).orElse(BasePath.ROOT);
  }

  /// The console's URL for this machine when it listens at `console`.
  public URI localUrl(ListenAddress console) {
    ListenAddress reached =
        console.isAny() ? new ListenAddress("127.0.0.1", console.port()) : console;
    return URI.create("http://" + reached + base().text());
  }

  /// The file that lets the owner of the data folder use the command line without a login.
  public Path tokenFile() {
    return data.resolve("cli-token");
  }
}
