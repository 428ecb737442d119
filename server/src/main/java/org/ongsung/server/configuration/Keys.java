package org.ongsung.server.configuration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ongsung.console.http.BasePath;
import org.ongsung.console.text.Language;
import org.ongsung.jobs.JobParameters;
import org.ongsung.model.AuditCode;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.wire.yaml.YamlMapping;

/// Every key of the configuration.
final class Keys {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));
  private static final List<InetAddress> LOCAL =
      List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));
  private static final String ADDRESS = "an address like 127.0.0.1:2222 or [::1]:2222";

  static final Path DEFAULT_DATA = Path.of("data");
  static final ListenAddress DEFAULT_SSH = new ListenAddress("127.0.0.1", 2222);
  static final ListenAddress DEFAULT_TELNET = new ListenAddress("127.0.0.1", 2323);
  static final ListenAddress DEFAULT_HTTP = new ListenAddress("127.0.0.1", 8022);
  static final Duration DEFAULT_DRAIN = Duration.ofSeconds(30);
  static final Duration DEFAULT_JOB_LEASE = Duration.ofSeconds(30);
  private static final Duration SHORTEST_JOB_LEASE = Duration.ofSeconds(3);
  static final int DEFAULT_REPORT_DAYS = 30;
  static final int DEFAULT_JOB_DAYS = 30;
  private static final int MAX_JOB_DAYS = 3_650;
  private static final int DEFAULT_MAIL_PORT = 587;
  private static final Duration LONGEST_JOB_LEASE = Duration.ofHours(1);
  static final long DEFAULT_FREE_BYTES = 1L << 30;

  static final ConfigurationKey<Path> DATA =
      new ConfigurationKey<>(
          "data",
          "a folder",
          "`data`",
          "Where everything lies; made with mode 0700. Relative to this file.",
          false,
          Keys::dataFolder);

  static final ConfigurationKey<String> NODE =
      text(
          "node", "a name", "the machine's name", "What this process calls itself in the records.");

  static final ConfigurationKey<ListenAddress> LISTEN_SSH =
      parsed(
          "listen.ssh",
          ADDRESS,
          "`" + DEFAULT_SSH + "`",
          "Where people's SSH clients connect.",
          ListenAddress::parse);

  static final ConfigurationKey<Optional<ListenAddress>> LISTEN_TELNET =
      parsed(
          "listen.telnet",
          ADDRESS + ", or `off`",
          "`" + DEFAULT_TELNET + "`",
          "Where people's Telnet clients connect, in the clear. The default is left out where another"
              + " program has its port.",
          text -> text.equals("off") ? Optional.empty() : Optional.of(ListenAddress.parse(text)));

  static final ConfigurationKey<ListenAddress> LISTEN_TELNETS =
      parsed(
          "listen.telnets",
          ADDRESS,
          "none",
          "Where Telnet clients connect by TLS from the first byte (TELNETS), with the certificate of"
              + " `tls.certificate`.",
          ListenAddress::parse);

  static final ConfigurationKey<List<Network>> TELNET_CLEARTEXT =
      new ConfigurationKey<>(
          "telnet.cleartextFrom",
          "networks",
          "none",
          "From where people may come to `listen.telnet`, besides this machine: whoever listens on the"
              + " way reads their passwords.",
          true,
          (mapping, leaf, _) -> networks(mapping, leaf));

  static final ConfigurationKey<PortRange> TELNET_TUNNELS =
      parsed(
          "telnet.tunnels",
          "an address with ports like 127.0.0.1:24000-24099",
          "none",
          "Where one-time ports are, which people open in the console: for one person, from one address,"
              + " once, for a minute. By Telnet they are in the clear, so for the networks of"
              + " `telnet.cleartextFrom`; by SSH for everybody.",
          PortRange::parse);

  static final ConfigurationKey<ListenAddress> LISTEN_HTTP =
      parsed(
          "listen.http",
          ADDRESS,
          "`" + DEFAULT_HTTP + "`",
          "Where the console, the API and the metrics are.",
          ListenAddress::parse);

  static final ConfigurationKey<ListenAddress> LISTEN_HTTPS =
      parsed(
          "listen.https",
          ADDRESS,
          "none",
          "Where browsers reach the console by TLS of its own, HTTP/2 and HTTP/1.1.",
          ListenAddress::parse);

  static final ConfigurationKey<Path> TLS_CERTIFICATE =
      new ConfigurationKey<>(
          "tls.certificate",
          "a PEM file",
          "none",
          "The certificate for `listen.https` and `listen.telnets`, then those that vouch for it. A renewed file is taken"
              + " within seconds; open connections go on.",
          false,
          Keys::path);

  static final ConfigurationKey<Path> TLS_KEY =
      new ConfigurationKey<>(
          "tls.key",
          "a PEM file of mode 0640 or stricter",
          "none",
          "The certificate's private key, PKCS #8 without a passphrase.",
          false,
          Keys::path);

  static final ConfigurationKey<FastCgiAddress> LISTEN_FASTCGI =
      parsed(
          "listen.fastcgi",
          "an address like 127.0.0.1:9022 or unix:/run/ongsung/fastcgi.sock",
          "none",
          "Where front servers reach the console by FastCGI; their word about a browser is"
              + " believed.",
          FastCgiAddress::parse);

  static final ConfigurationKey<HostAndPort> PUBLIC_SSH =
      parsed(
          "public.ssh",
          "an address like gate.example.com:22",
          "as `listen.ssh`",
          "How people reach the SSH listener; stands in the ready-made commands.",
          text -> HostAndPort.parse(text, 22));

  static final ConfigurationKey<URI> PUBLIC_URL =
      parsed(
          "public.url",
          "a URL like https://gate.example.com or https://example.com/ongsung",
          "as `listen.http`",
          "How people reach the console. With https its cookies are for https alone; with a path"
              + " everything is under that path, on every listener.",
          Keys::consoleUrl);

  static final ConfigurationKey<List<Network>> TRUSTED_PROXIES =
      new ConfigurationKey<>(
          "http.trustedProxies",
          "networks",
          "none",
          "Front servers whose `X-Forwarded-For`, `-Proto`, `-Host` and `Forwarded` are believed on"
              + " `listen.http`, and that may connect to `listen.fastcgi` by TCP; for that,"
              + " without, this machine alone.",
          true,
          (mapping, leaf, _) -> networks(mapping, leaf));

  static final ConfigurationKey<List<Network>> PROXY_PROTOCOL =
      new ConfigurationKey<>(
          "listen.proxyProtocol",
          "networks",
          "none",
          "Load balancers whose connections to `listen.ssh`, `listen.http`, `listen.https`,"
              + " `listen.telnet`, `listen.telnets` and the ports of `telnet.tunnels` begin with a"
              + " PROXY header (version 1 or 2), which names the client; never this machine's"
              + " 127.0.0.1.",
          true,
          Keys::balancers);

  static final ConfigurationKey<String> DATABASE_URL =
      parsed(
          "database.url",
          "`embedded` or jdbc:postgresql://host/database",
          "`embedded`",
          "The database: SQLite in the data folder, or PostgreSQL 15 or newer.",
          Keys::databaseUrl);

  static final ConfigurationKey<String> DATABASE_USER =
      text("database.user", "text", "none", "The user at PostgreSQL.");

  static final ConfigurationKey<Path> DATABASE_PASSWORD_FILE =
      new ConfigurationKey<>(
          "database.passwordFile",
          "a file of mode 0600",
          "none",
          "Holds the password at PostgreSQL on its first line.",
          false,
          Keys::secretFile);

  static final ConfigurationKey<Long> DATABASE_CONNECTIONS =
      new ConfigurationKey<>(
          "database.connections",
          "a number from "
              + DatabaseConfig.Postgres.MIN_POOL_CONNECTIONS
              + " to "
              + DatabaseConfig.Postgres.MAX_POOL_CONNECTIONS,
          "`" + DatabaseConfig.Postgres.DEFAULT_POOL_CONNECTIONS + "`",
          "How many connections this process may hold at PostgreSQL; the embedded database ignores"
              + " it.",
          false,
          (mapping, leaf, _) ->
              mapping.optionalInteger(
                  leaf,
                  DatabaseConfig.Postgres.MIN_POOL_CONNECTIONS,
                  DatabaseConfig.Postgres.MAX_POOL_CONNECTIONS));

  static final ConfigurationKey<Duration> DRAIN =
      new ConfigurationKey<>(
          "drain",
          "a duration like 30s",
          "`30s`",
          "How long a signalled stop waits for sessions to end by themselves.",
          false,
          (mapping, leaf, _) -> mapping.optionalDuration(leaf));

  static final ConfigurationKey<Duration> JOB_LEASE =
      new ConfigurationKey<>(
          "jobs.lease",
          "a duration from 3s to 1h",
          "`30s`",
          "How long a worker may be silent before its jobs are taken over and its sessions end.",
          false,
          (mapping, leaf, _) -> jobLease(mapping, leaf));

  static final ConfigurationKey<Long> RETENTION_RECORDINGS =
      new ConfigurationKey<>(
          "retention.recordings",
          "a number of days from 1 to " + JobParameters.PurgeRecordings.MAX_DAYS,
          "none: for ever",
          "How long recordings are kept after their session ended; a target's label `retention`"
              + " says otherwise for it, and a held session's stay.",
          false,
          (mapping, leaf, _) ->
              mapping.optionalInteger(leaf, 1, JobParameters.PurgeRecordings.MAX_DAYS));

  static final ConfigurationKey<Long> RETENTION_JOBS =
      new ConfigurationKey<>(
          "retention.jobs",
          "a number of days from 1 to " + MAX_JOB_DAYS,
          "`" + DEFAULT_JOB_DAYS + "`",
          "How long the history of ended jobs is kept, with their logs and results; of those at most"
              + " the newest 100,000.",
          false,
          (mapping, leaf, _) -> mapping.optionalInteger(leaf, 1, MAX_JOB_DAYS));

  static final ConfigurationKey<Long> RETENTION_REPORTS =
      new ConfigurationKey<>(
          "retention.reports",
          "a number of days from 1 to " + JobParameters.PurgeRecordings.MAX_DAYS,
          "`" + DEFAULT_REPORT_DAYS + "`",
          "How long the files of reports are kept.",
          false,
          (mapping, leaf, _) ->
              mapping.optionalInteger(leaf, 1, JobParameters.PurgeRecordings.MAX_DAYS));

  private static final String CODES = "codes of the ledger like hostkey.mismatch";
  private static final String NOTABLE =
      "`hostkey.mismatch`, `login.blocked`, `recording.failed`, `storage.low`, `clock.stepped`";

  /// What is told where nothing else is configured.
  static final List<AuditCode> DEFAULT_NOTABLE =
      List.of(
          AuditCode.HOST_KEY_MISMATCH,
          AuditCode.LOGIN_BLOCKED,
          AuditCode.RECORDING_FAILED,
          AuditCode.STORAGE_LOW,
          AuditCode.CLOCK_STEPPED);

  static final ConfigurationKey<URI> NOTIFY_WEBHOOK =
      parsed(
          "notify.webhook",
          "a URL like https://hooks.example.com/ongsung",
          "none",
          "Where events of the ledger are posted to, signed.",
          Keys::webhookUrl);

  static final ConfigurationKey<Path> NOTIFY_WEBHOOK_SECRET =
      new ConfigurationKey<>(
          "notify.webhookSecretFile",
          "a file of mode 0600",
          "none",
          "Holds on its first line what the posts are signed with, where `ongsung webhook secret` has"
              + " set nothing.",
          false,
          Keys::secretFile);

  static final ConfigurationKey<List<AuditCode>> NOTIFY_WEBHOOK_ON =
      codes("notify.webhookOn", "Which events are posted.");

  static final ConfigurationKey<HostAndPort> NOTIFY_MAIL_SERVER =
      parsed(
          "notify.mailServer",
          "an address like smtp.example.com:587",
          "none",
          "The server that takes mail for `notify.mailTo`.",
          text -> HostAndPort.parse(text, DEFAULT_MAIL_PORT));

  static final ConfigurationKey<Notices.Security> NOTIFY_MAIL_SECURITY =
      new ConfigurationKey<>(
          "notify.mailSecurity",
          "starttls, tls or none",
          "`starttls`",
          "How the way to the mail server is kept from others; none is for a server on this"
              + " machine.",
          false,
          (mapping, leaf, _) -> mapping.optionalOneOf(leaf, Notices.Security.class));

  static final ConfigurationKey<String> NOTIFY_MAIL_FROM =
      parsed(
          "notify.mailFrom",
          "an address like ongsung@example.com",
          "none",
          "Who the mail is from.",
          Keys::mailAddress);

  static final ConfigurationKey<List<String>> NOTIFY_MAIL_TO =
      new ConfigurationKey<>(
          "notify.mailTo",
          "addresses like ops@example.com",
          "none",
          "Who gets mail about events of the ledger.",
          true,
          (mapping, leaf, _) ->
              mapping.has(leaf)
                  ? Optional.of(
                      mapping.list(leaf, "an address like ops@example.com", Keys::mailAddress))
                  : Optional.empty());

  static final ConfigurationKey<String> NOTIFY_MAIL_USER =
      text(
          "notify.mailUser", "text", "none", "The user at the mail server, where it asks for one.");

  static final ConfigurationKey<Path> NOTIFY_MAIL_PASSWORD =
      new ConfigurationKey<>(
          "notify.mailPasswordFile",
          "a file of mode 0600",
          "none",
          "Holds the password at the mail server on its first line.",
          false,
          Keys::secretFile);

  static final ConfigurationKey<List<AuditCode>> NOTIFY_MAIL_ON =
      codes("notify.mailOn", "Which events are mailed.");

  static final ConfigurationKey<Language> NOTIFY_MAIL_LANGUAGE =
      parsed(
          "notify.mailLanguage", "ko or en", "`en`", "The language of the mails.", Keys::language);

  static final ConfigurationKey<Long> FREE_BYTES =
      new ConfigurationKey<>(
          "recording.freeSpace",
          "a size like 1GiB",
          "`1GiB`",
          "Below so much free space new sessions are refused.",
          false,
          (mapping, leaf, _) -> mapping.optionalBytes(leaf));

  static final ConfigurationKey<List<Network>> ADHOC_NETWORKS =
      new ConfigurationKey<>(
          "adhoc.networks",
          "networks",
          "none",
          "Where people may go from the console to addresses that nobody registered; they are"
              + " registered on the way.",
          true,
          (mapping, leaf, _) -> networks(mapping, leaf));

  static final ConfigurationKey<Name> ADHOC_LIKE =
      parsed(
          "adhoc.like",
          "a target's name",
          "none",
          "The target whose labels and accounts those get, by SSH those with a private key; a grant by these"
              + " labels says who may.",
          Name::of);

  static final ConfigurationKey<LogLevel> LOG_LEVEL =
      new ConfigurationKey<>(
          "log.level",
          "error, warn, info or debug",
          "`info`",
          "How much the log on standard error tells; never a secret at any level.",
          false,
          (mapping, leaf, _) -> mapping.optionalOneOf(leaf, LogLevel.class));

  /// All, in the order of the documentation.
  static final List<ConfigurationKey<?>> ALL =
      List.of(
          DATA,
          NODE,
          LISTEN_SSH,
          LISTEN_TELNET,
          LISTEN_TELNETS,
          LISTEN_HTTP,
          LISTEN_HTTPS,
          LISTEN_FASTCGI,
          PROXY_PROTOCOL,
          PUBLIC_SSH,
          PUBLIC_URL,
          TELNET_CLEARTEXT,
          TELNET_TUNNELS,
          TLS_CERTIFICATE,
          TLS_KEY,
          TRUSTED_PROXIES,
          DATABASE_URL,
          DATABASE_USER,
          DATABASE_PASSWORD_FILE,
          DATABASE_CONNECTIONS,
          DRAIN,
          JOB_LEASE,
          RETENTION_RECORDINGS,
          RETENTION_JOBS,
          RETENTION_REPORTS,
          NOTIFY_WEBHOOK,
          NOTIFY_WEBHOOK_SECRET,
          NOTIFY_WEBHOOK_ON,
          NOTIFY_MAIL_SERVER,
          NOTIFY_MAIL_SECURITY,
          NOTIFY_MAIL_FROM,
          NOTIFY_MAIL_TO,
          NOTIFY_MAIL_USER,
          NOTIFY_MAIL_PASSWORD,
          NOTIFY_MAIL_ON,
          NOTIFY_MAIL_LANGUAGE,
          FREE_BYTES,
          ADHOC_NETWORKS,
          ADHOC_LIKE,
          LOG_LEVEL);

  private Keys() {}

  private static ConfigurationKey<String> text(
      String name, String form, String fallback, String meaning) {
    return new ConfigurationKey<>(
        name, form, fallback, meaning, false, (mapping, leaf, _) -> mapping.optionalString(leaf));
  }

  private static <T> ConfigurationKey<T> parsed(
      String name, String form, String fallback, String meaning, Function<String, T> parse) {
    return new ConfigurationKey<>(
        name,
        form,
        fallback,
        meaning,
        false,
        (mapping, leaf, _) -> mapping.optional(leaf, form, parse));
  }

  private static Language language(String text) {
    return Arrays.stream(Language.values())
        .filter(language -> language.tag().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not a language (ko, en): " + text));
  }

  /// The name of this machine, as far as it can be told.
  static String machineName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static Optional<Duration> jobLease(YamlMapping mapping, String leaf) {
    Optional<Duration> lease = mapping.optionalDuration(leaf);
    if (lease
        .filter(
            given ->
                given.compareTo(SHORTEST_JOB_LEASE) < 0 || given.compareTo(LONGEST_JOB_LEASE) > 0)
        .isPresent()) {
      mapping.problem(leaf, "it is 3 seconds to 1 hour");
    }
    return lease;
  }

  private static ConfigurationKey<List<AuditCode>> codes(String name, String meaning) {
    return new ConfigurationKey<>(
        name,
        CODES,
        NOTABLE,
        meaning,
        true,
        (mapping, leaf, _) ->
            mapping.has(leaf)
                ? Optional.of(mapping.list(leaf, CODES, AuditCode::of))
                : Optional.empty());
  }

  private static URI webhookUrl(String text) {
    URI url = URI.create(text);
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (url.getHost() == null
        || !(scheme.equals("https") || scheme.equals("http"))
        || url.getUserInfo() != null
        || url.getRawFragment() != null
        || text.codePoints().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException("http or https, a host, perhaps a port, path and query");
    }
    return url;
  }

  private static String mailAddress(String text) {
    if (!text.matches("[^\\s<>@,;:\"()\\[\\]]{1,64}@[A-Za-z0-9.-]{1,255}")) {
      throw new IllegalArgumentException("one address, nothing before or after it");
    }
    return text;
  }

  private static URI consoleUrl(String text) {
    URI url = URI.create(text);
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    if (url.getHost() == null
        || !(scheme.equals("https") || scheme.equals("http"))
        || url.getUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "http or https, a host, perhaps a port and a path, nothing more");
    }
    BasePath.of(path);
    return url;
  }

  private static Optional<List<Network>> networks(YamlMapping mapping, String leaf) {
    return mapping.has(leaf)
        ? Optional.of(mapping.list(leaf, "a network like 10.0.0.0/8", Network::parse))
        : Optional.empty();
  }

  /// The command line and `doctor` come from 127.0.0.1 and send no header.
  private static Optional<List<Network>> balancers(YamlMapping mapping, String leaf, Path base) {
    Optional<List<Network>> networks = networks(mapping, leaf);
    boolean ours =
        networks.stream()
            .flatMap(List::stream)
            .anyMatch(network -> LOCAL.stream().anyMatch(network::contains));
    if (ours) {
      mapping.problem(
          leaf,
          "the command line of this machine comes from 127.0.0.1 or ::1; let a load balancer on"
              + " this machine connect from 127.0.0.2 (haproxy: source 127.0.0.2)");
    }
    return networks;
  }

  private static String databaseUrl(String text) {
    if (!text.equals("embedded") && !text.startsWith("jdbc:postgresql://")) {
      throw new IllegalArgumentException("it is embedded or starts with jdbc:postgresql://");
    }
    if (text.matches("(?i).*[?&](user|password)=.*")) {
      throw new IllegalArgumentException(
          "user and password belong into database.user and database.passwordFile");
    }
    return text;
  }

  private static Optional<Path> dataFolder(YamlMapping mapping, String leaf, Path base) {
    Optional<Path> folder = path(mapping, leaf, base);
    folder.flatMap(Keys::dataFolderProblem).ifPresent(text -> mapping.problem(leaf, text));
    return folder;
  }

  /// What is wrong with a data folder, if it is there and anything is.
  static Optional<String> dataFolderProblem(Path folder) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isDirectory(folder)) {
      return Optional.of(folder + " is not a folder");
    }
    return modeProblem(folder, "chmod 700");
  }

  private static Optional<Path> secretFile(YamlMapping mapping, String leaf, Path base) {
    Optional<Path> file = path(mapping, leaf, base);
    file.flatMap(Keys::secretFileProblem).ifPresent(text -> mapping.problem(leaf, text));
    return file;
  }

  private static Optional<String> secretFileProblem(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.of("there is no file " + file);
    }
    return modeProblem(file, "chmod 600");
  }

  private static Optional<String> modeProblem(Path path, String remedy) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
      return mode.stream().noneMatch(OTHERS::contains)
          ? Optional.empty()
          : Optional.of(
              "others than its owner may use " + path + "; run: " + remedy + " '" + path + "'");
    } catch (IOException e) {
      return Optional.of("cannot look at " + path + ": " + e.getMessage());
    }
  }

  private static Optional<Path> path(YamlMapping mapping, String leaf, Path base) {
    return mapping.optional(
        leaf,
        "a path",
        text -> {
          if (text.isBlank()) {
            throw new IllegalArgumentException("it is empty");
          }
          return base.resolve(text).toAbsolutePath().normalize();
        });
  }
}
