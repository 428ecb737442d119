package org.ongsung.server.configuration;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ongsung.console.text.Language;
import org.ongsung.console.tls.CertificateFiles;
import org.ongsung.model.AuditCode;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.wire.yaml.YamlException;
import org.ongsung.wire.yaml.YamlLimits;
import org.ongsung.wire.yaml.YamlMapping;
import org.ongsung.wire.yaml.YamlProblem;
import org.ongsung.wire.yaml.YamlReader;

/// Reads the configuration: the file first, then the environment over it, then defaults.
public final class ConfigurationReader {
  /// Variables with our prefix that are not keys.
  private static final Set<String> OTHER_VARIABLES = Set.of("ONGSUNG_CONFIG", "ONGSUNG_JAVA_OPTS");

  private static final String PREFIX = "ONGSUNG_";
  private static final YamlLimits LIMITS = new YamlLimits(1 << 20, 16, 10_000, 50);

  private final Map<String, String> environment;
  private final Path folder;
  private final List<String> problems = new ArrayList<>();
  private final Map<ConfigurationKey<?>, Object> values = new HashMap<>();

  /// Where each key's value stands: a line of the file, or a variable.
  private final Map<ConfigurationKey<?>, String> places = new HashMap<>();

  private ConfigurationReader(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  /// The configuration that holds for a process started in `folder` with `environment`.
  ///
  /// @param named the file that was asked for; empty looks in the usual places
  /// @throws ConfigurationException with all problems
  public static Configuration read(
      Optional<Path> named, Map<String, String> environment, Path folder)
      throws ConfigurationException {
    Optional<Path> file = named.or(() -> usualFile(folder));
    ConfigurationReader reader = new ConfigurationReader(environment, folder);
    if (file.isPresent()) {
      reader.readFile(file.get());
    }
    reader.readEnvironment();
    if (!reader.problems.isEmpty()) {
      throw new ConfigurationException(reader.problems);
    }
    return reader.compose(file);
  }

  private static Optional<Path> usualFile(Path folder) {
    return List.of(folder.resolve("ongsung.yaml"), Path.of("/etc/ongsung/ongsung.yaml")).stream()
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private void readFile(Path file) {
    Path absolute = folder.resolve(file).toAbsolutePath();
    Path base = absolute.getParent() == null ? folder : absolute.getParent();
    try {
      YamlReader.read(
          file.toString(),
          Files.readAllBytes(absolute),
          LIMITS,
          root -> {
            readMapping(root, file.toString(), base);
            return true;
          });
    } catch (YamlException e) {
      e.problems().stream().map(YamlProblem::toString).forEach(problems::add);
    } catch (IOException e) {
      problems.add(
          Files.exists(absolute)
              ? file + ": cannot be read by this user"
              : file + ": there is no such file");
    }
  }

  private void readMapping(YamlMapping root, String file, Path base) {
    Map<String, List<ConfigurationKey<?>>> sections = new LinkedHashMap<>();
    for (ConfigurationKey<?> key : Keys.ALL) {
      if (key.section().isEmpty()) {
        take(key, root, file, base);
      } else {
        sections.computeIfAbsent(key.section().get(), _ -> new ArrayList<>()).add(key);
      }
    }
    sections.forEach(
        (name, keys) ->
            root.optionalMapping(
                name,
                section -> {
                  keys.forEach(key -> take(key, section, file, base));
                  return true;
                }));
  }

  private void take(ConfigurationKey<?> key, YamlMapping mapping, String file, Path base) {
    key.reading()
        .read(mapping, key.leaf(), base)
        .ifPresent(value -> put(key, value, file + ":" + mapping.line(key.leaf())));
  }

  private void put(ConfigurationKey<?> key, Object value, String place) {
    values.put(key, value);
    places.put(key, place);
  }

  private void readEnvironment() {
    Map<String, ConfigurationKey<?>> known = new TreeMap<>();
    Keys.ALL.forEach(key -> known.put(key.variable(), key));
    for (String name : new TreeSet<>(environment.keySet())) {
      if (!name.startsWith(PREFIX) || OTHER_VARIABLES.contains(name)) {
        continue;
      }
      ConfigurationKey<?> key = known.get(name);
      if (key == null) {
        problems.add(
            "environment variable "
                + name
                + ": unknown; known are "
                + known.keySet().stream().collect(Collectors.joining(", ")));
        continue;
      }
      try {
        key.fromVariable(environment.getOrDefault(name, ""), folder)
            .ifPresent(value -> put(key, value, "environment variable " + name));
      } catch (ConfigurationException e) {
        problems.addAll(e.problems());
      }
    }
  }

  private Configuration compose(Optional<Path> file) throws ConfigurationException {
    Path base = file.map(f -> folder.resolve(f).toAbsolutePath().getParent()).orElse(folder);
    Path data = value(Keys.DATA).orElseGet(() -> base.resolve(Keys.DEFAULT_DATA).toAbsolutePath());
    Optional<String> dataProblem = Keys.dataFolderProblem(data);
    if (dataProblem.isPresent()) {
      String place = places.containsKey(Keys.DATA) ? places.get(Keys.DATA) + ": " : "";
      throw new ConfigurationException(List.of(place + "data: " + dataProblem.get()));
    }
    return new Configuration(
        file.map(f -> folder.resolve(f).toAbsolutePath()),
        data,
        value(Keys.NODE).orElseGet(Keys::machineName),
        value(Keys.LISTEN_SSH).orElse(Keys.DEFAULT_SSH),
        value(Keys.LISTEN_HTTP).orElse(Keys.DEFAULT_HTTP),
        value(Keys.LISTEN_FASTCGI),
        telnet(),
        tls(value(Keys.LISTEN_HTTPS)),
        value(Keys.PUBLIC_SSH),
        value(Keys.PUBLIC_URL),
        value(Keys.TRUSTED_PROXIES).orElse(List.of()),
        value(Keys.PROXY_PROTOCOL).orElse(List.of()),
        adHoc(),
        new Configuration.Database(
            value(Keys.DATABASE_URL).filter(url -> !url.equals("embedded")),
            value(Keys.DATABASE_USER),
            value(Keys.DATABASE_PASSWORD_FILE),
            value(Keys.DATABASE_CONNECTIONS)
                .map(Math::toIntExact)
                .orElse(DatabaseConfig.Postgres.DEFAULT_POOL_CONNECTIONS)),
        value(Keys.DRAIN).orElse(Keys.DEFAULT_DRAIN),
        new Configuration.Upkeep(
            value(Keys.JOB_LEASE).orElse(Keys.DEFAULT_JOB_LEASE),
            value(Keys.RETENTION_RECORDINGS).map(Math::toIntExact),
            value(Keys.RETENTION_JOBS).map(Math::toIntExact).orElse(Keys.DEFAULT_JOB_DAYS),
            value(Keys.RETENTION_REPORTS).map(Math::toIntExact).orElse(Keys.DEFAULT_REPORT_DAYS),
            new Notices(webhook(), mail())),
        value(Keys.FREE_BYTES).orElse(Keys.DEFAULT_FREE_BYTES),
        value(Keys.LOG_LEVEL).orElse(LogLevel.INFO));
  }

  /// Both keys or none.
  private Optional<Configuration.AdHoc> adHoc() throws ConfigurationException {
    List<Network> networks = value(Keys.ADHOC_NETWORKS).orElse(List.of());
    Optional<Name> like = value(Keys.ADHOC_LIKE);
    if (networks.isEmpty() != like.isEmpty()) {
      throw wrong(
          "adhoc.networks and adhoc.like belong together: set both",
          Keys.ADHOC_NETWORKS,
          Keys.ADHOC_LIKE);
    }
    return like.map(name -> new Configuration.AdHoc(networks, name));
  }

  private Configuration.Telnet telnet() throws ConfigurationException {
    Optional<Optional<ListenAddress>> named = value(Keys.LISTEN_TELNET);
    return new Configuration.Telnet(
        named.orElse(Optional.of(Keys.DEFAULT_TELNET)),
        named.isPresent(),
        tls(value(Keys.LISTEN_TELNETS)),
        value(Keys.TELNET_CLEARTEXT).orElse(List.of()),
        value(Keys.TELNET_TUNNELS));
  }

  /// A listener with TLS needs the certificate's keys, and they need a listener.
  private Optional<Configuration.Tls> tls(Optional<ListenAddress> listen)
      throws ConfigurationException {
    Optional<Path> certificate = value(Keys.TLS_CERTIFICATE);
    Optional<Path> key = value(Keys.TLS_KEY);
    boolean listens =
        value(Keys.LISTEN_HTTPS).isPresent() || value(Keys.LISTEN_TELNETS).isPresent();
    if (listens != certificate.isPresent() || listens != key.isPresent()) {
      throw wrong(
          "listen.https or listen.telnets, tls.certificate and tls.key belong together: set all"
              + " three",
          Keys.LISTEN_HTTPS,
          Keys.LISTEN_TELNETS,
          Keys.TLS_CERTIFICATE,
          Keys.TLS_KEY);
    }
    return listen.isEmpty() || certificate.isEmpty() || key.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Configuration.Tls(
                listen.get(), new CertificateFiles(certificate.get(), key.get())));
  }

  private Optional<Notices.Webhook> webhook() throws ConfigurationException {
    Optional<URI> url = value(Keys.NOTIFY_WEBHOOK);
    Optional<Path> secret = value(Keys.NOTIFY_WEBHOOK_SECRET);
    if (url.isEmpty() && secret.isPresent()) {
      throw wrong(
          "notify.webhookSecretFile belongs to notify.webhook: set that too",
          Keys.NOTIFY_WEBHOOK_SECRET);
    }
    List<AuditCode> on = value(Keys.NOTIFY_WEBHOOK_ON).orElse(Keys.DEFAULT_NOTABLE);
    return url.map(where -> new Notices.Webhook(where, secret, Set.copyOf(on)));
  }

  private Optional<Notices.Mail> mail() throws ConfigurationException {
    Optional<HostAndPort> server = value(Keys.NOTIFY_MAIL_SERVER);
    Optional<String> from = value(Keys.NOTIFY_MAIL_FROM);
    List<String> to = value(Keys.NOTIFY_MAIL_TO).orElse(List.of());
    Optional<String> user = value(Keys.NOTIFY_MAIL_USER);
    Optional<Path> password = value(Keys.NOTIFY_MAIL_PASSWORD);
    Notices.Security security = value(Keys.NOTIFY_MAIL_SECURITY).orElse(Notices.Security.STARTTLS);
    if (server.isPresent() != from.isPresent() || server.isPresent() == to.isEmpty()) {
      throw wrong(
          "notify.mailServer, notify.mailFrom and notify.mailTo belong together: set all three",
          Keys.NOTIFY_MAIL_SERVER,
          Keys.NOTIFY_MAIL_FROM,
          Keys.NOTIFY_MAIL_TO);
    }
    if (user.isPresent() != password.isPresent()) {
      throw wrong(
          "notify.mailUser and notify.mailPasswordFile belong together: set both",
          Keys.NOTIFY_MAIL_USER,
          Keys.NOTIFY_MAIL_PASSWORD);
    }
    if (user.isPresent() && security == Notices.Security.NONE) {
      throw wrong(
          "notify.mailUser needs notify.mailSecurity: starttls or tls",
          Keys.NOTIFY_MAIL_SECURITY,
          Keys.NOTIFY_MAIL_USER);
    }
    List<AuditCode> on = value(Keys.NOTIFY_MAIL_ON).orElse(Keys.DEFAULT_NOTABLE);
    return server.map(
        where ->
            new Notices.Mail(
                where,
                security,
                from.orElseThrow(),
                to,
                user,
                password,
                Set.copyOf(on),
                value(Keys.NOTIFY_MAIL_LANGUAGE).orElse(Language.ENGLISH)));
  }

  /// A problem between keys, told where the first of them that is set stands.
  private ConfigurationException wrong(String problem, ConfigurationKey<?>... keys) {
    String place =
        Arrays.stream(keys)
            .filter(places::containsKey)
            .findFirst()
            .map(key -> places.get(key) + ": ")
            .orElse("");
    return new ConfigurationException(List.of(place + problem));
  }

  @SuppressWarnings("unchecked") // a key's value is only ever put by that key's own reading
  private <T> Optional<T> value(ConfigurationKey<T> key) {
    return Optional.ofNullable((T) values.get(key));
  }
}
