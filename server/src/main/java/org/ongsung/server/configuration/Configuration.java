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
  /// @param jobDays how many days ended jobs are kept
  /// @param reportDays how many days files of reports are kept
  /// @param notices who outside is told of what
  public record Upkeep(
      Duration lease,
      Optional<Integer> recordingDays,
      int jobDays,
      int reportDays,
      Notices notices) {}

  /// Which database.
  ///
  /// @param url a JDBC URL, or empty for SQLite in the data folder
  /// @param connections of PostgreSQL's pool
  public record Database(
      Optional<String> url, Optional<String> user, Optional<Path> passwordFile, int connections) {}

  /// The path under which browsers see the console.
  public BasePath base() {
    return publicUrl.map(URI::getRawPath).map(BasePath::of).orElse(BasePath.ROOT);
  }

  /// The console's URL for this machine when it listens at `console`.
  public URI localUrl(ListenAddress console) {
    return local("http", console);
  }

  /// The same by TLS of the console's own, where it has that.
  public Optional<URI> localTlsUrl() {
    return tls.map(own -> local("https", own.listen()));
  }

  private URI local(String scheme, ListenAddress listen) {
    ListenAddress reached = listen.isAny() ? new ListenAddress("127.0.0.1", listen.port()) : listen;
    return URI.create(scheme + "://" + reached + base().text());
  }

  /// The file that lets the owner of the data folder use the command line without a login.
  public Path tokenFile() {
    return data.resolve("cli-token");
  }
}
