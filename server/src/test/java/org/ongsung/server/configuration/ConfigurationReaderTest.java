package org.ongsung.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.console.text.Language;
import org.ongsung.model.AuditCode;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Network;

class ConfigurationReaderTest {
  @TempDir Path folder;

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("ongsung.yaml"), yaml);
  }

  private Configuration read(String yaml, Map<String, String> environment) throws Exception {
    return ConfigurationReader.read(Optional.of(file(yaml)), environment, folder);
  }

  private List<String> problems(String yaml, Map<String, String> environment) throws IOException {
    Path file = file(yaml);
    return catchThrowableOfType(
            ConfigurationException.class,
            () -> ConfigurationReader.read(Optional.of(file), environment, folder))
        .problems();
  }

  @Test
  void withoutAFileEverythingHasItsDefault() throws Exception {
    Configuration configuration = ConfigurationReader.read(Optional.empty(), Map.of(), folder);
    assertThat(configuration.file()).isEmpty();
    assertThat(configuration.data()).isEqualTo(folder.resolve("data"));
    assertThat(configuration.node()).isNotEmpty();
    assertThat(configuration.listenSsh()).hasToString("127.0.0.1:2222");
    assertThat(configuration.listenHttp()).hasToString("127.0.0.1:8022");
    assertThat(configuration.publicSsh()).isEmpty();
    assertThat(configuration.telnet().listen()).contains(new ListenAddress("127.0.0.1", 2323));
    assertThat(configuration.telnet().cleartextFrom()).isEmpty();
    assertThat(configuration.publicUrl()).isEmpty();
    assertThat(configuration.trustedProxies()).isEmpty();
    assertThat(configuration.database().url()).isEmpty();
    assertThat(configuration.database().connections()).isEqualTo(8);
    assertThat(configuration.drain()).isEqualTo(Duration.ofSeconds(30));
    assertThat(configuration.freeBytes()).isEqualTo(1L << 30);
    assertThat(configuration.logLevel()).isEqualTo(LogLevel.INFO);
  }

  @Test
  void whatIsKeptAndWhoIsToldCanBeSetAndIsNobodyOtherwise() throws Exception {
    Configuration.Upkeep without =
        ConfigurationReader.read(Optional.empty(), Map.of(), folder).upkeep();
    assertThat(without.recordingDays()).isEmpty();
    assertThat(without.reportDays()).isEqualTo(30);
    assertThat(without.jobDays()).isEqualTo(30);
    assertThat(without.lease()).isEqualTo(Duration.ofSeconds(30));
    assertThat(without.notices()).isEqualTo(Notices.NONE);
    Path secret = Files.writeString(folder.resolve("hook"), "s");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Configuration.Upkeep upkeep =
        read(
                """
                jobs: {lease: 3s}
                retention: {recordings: 36500, jobs: 3650, reports: 1}
                notify:
                  webhook: https://hooks.example.com/a?b=c
                  webhookSecretFile: hook
                  webhookOn: [session.terminated]
                  mailServer: smtp.example.com
                  mailFrom: gate@example.com
                  mailTo: [ops@example.com, audit@example.com]
                  mailUser: gate
                  mailPasswordFile: hook
                  mailLanguage: ko
                """,
                Map.of("ONGSUNG_NOTIFY_MAIL_ON", "login.blocked, storage.low"))
            .upkeep();
    assertThat(upkeep.lease()).isEqualTo(Duration.ofSeconds(3));
    assertThat(upkeep.recordingDays()).contains(36_500);
    assertThat(upkeep.reportDays()).isEqualTo(1);
    assertThat(upkeep.jobDays()).isEqualTo(3_650);
    assertThat(upkeep.notices().webhook())
        .contains(
            new Notices.Webhook(
                java.net.URI.create("https://hooks.example.com/a?b=c"),
                Optional.of(secret),
                Set.of(AuditCode.SESSION_TERMINATED)));
    assertThat(upkeep.notices().mail())
        .contains(
            new Notices.Mail(
                new HostAndPort("smtp.example.com", 587),
                Notices.Security.STARTTLS,
                "gate@example.com",
                List.of("ops@example.com", "audit@example.com"),
                Optional.of("gate"),
                Optional.of(secret),
                Set.of(AuditCode.LOGIN_BLOCKED, AuditCode.STORAGE_LOW),
                Language.KOREAN));
  }

  @Test
  void whatIsKeptAndWhoIsToldIsCheckedAtTheStart() throws Exception {
    for (String wrong :
        List.of(
            "retention: {recordings: 0}",
            "retention: {recordings: 36501}",
            "retention: {reports: 0}",
            "notify: {webhook: \"ftp://hooks.example.com/\"}",
            "notify: {webhook: \"https://user@hooks.example.com/\"}",
            "notify: {webhookOn: [no.such.code]}",
            "notify: {mailServer: smtp.example.com, mailFrom: gate@example.com}",
            "notify: {mailFrom: \"Gate <gate@example.com>\"}",
            "notify: {mailTo: [\"a@b.example, c@d.example\"]}",
            "notify: {mailUser: gate}",
            "notify: {mailLanguage: auto}",
            "notify: {mailSecurity: ssl}")) {
      assertThat(problems(wrong, Map.of())).as(wrong).isNotEmpty();
    }
    String sealed = "notify: {webhook: \"https://hooks.example.com/\"}";
    assertThat(read(sealed, Map.of()).upkeep().notices().webhook().orElseThrow().secretFile())
        .as("the vault may hold it")
        .isEmpty();
    Path secret = Files.writeString(folder.resolve("hook"), "s");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    String open = "notify: {webhook: \"https://h.example/\", webhookSecretFile: hook}";
    assertThat(problems(open, Map.of())).first().asString().contains("chmod 600");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    String clear =
        "notify: {mailServer: localhost, mailFrom: a@b.example, mailTo: [c@d.example],"
            + " mailSecurity: none, mailUser: gate, mailPasswordFile: hook}";
    assertThat(problems(clear, Map.of())).first().asString().contains("starttls or tls");
  }

  @Test
  void theFileHereIsFoundWithoutBeingNamed() throws Exception {
    file("node: here");
    Configuration configuration = ConfigurationReader.read(Optional.empty(), Map.of(), folder);
    assertThat(configuration.node()).isEqualTo("here");
  }

  @Test
  void whatTheFileSaysHolds() throws Exception {
    Files.writeString(folder.resolve("pg"), "s");
    Files.setPosixFilePermissions(
        folder.resolve("pg"), PosixFilePermissions.fromString("rw-------"));
    Configuration configuration =
        read(
            """
            data: elsewhere
            node: gate-1
            listen: {ssh: "0.0.0.0:22", http: "[::1]:80", proxyProtocol: [10.0.0.5]}
            public: {ssh: gate.example.com, url: "https://gate.example.com"}
            http: {trustedProxies: [10.0.0.0/8]}
            database:
              url: jdbc:postgresql://db/ongsung
              user: ongsung
              passwordFile: pg
              connections: 20
            drain: 5m
            recording: {freeSpace: 10GiB}
            log: {level: debug}
            adhoc: {networks: [10.20.0.0/16], like: lab}
            """,
            Map.of());
    assertThat(configuration.adHoc())
        .contains(
            new Configuration.AdHoc(
                List.of(Network.parse("10.20.0.0/16")), org.ongsung.model.Name.of("lab")));
    assertThat(configuration.data()).isEqualTo(folder.resolve("elsewhere"));
    assertThat(configuration.node()).isEqualTo("gate-1");
    assertThat(configuration.listenSsh()).isEqualTo(new ListenAddress("0.0.0.0", 22));
    assertThat(configuration.listenHttp()).isEqualTo(new ListenAddress("::1", 80));
    assertThat(configuration.publicSsh()).contains(new HostAndPort("gate.example.com", 22));
    assertThat(configuration.publicUrl()).contains(java.net.URI.create("https://gate.example.com"));
    assertThat(configuration.trustedProxies()).containsExactly(Network.parse("10.0.0.0/8"));
    assertThat(configuration.proxyProtocol()).containsExactly(Network.parse("10.0.0.5"));
    assertThat(configuration.database().url()).contains("jdbc:postgresql://db/ongsung");
    assertThat(configuration.database().user()).contains("ongsung");
    assertThat(configuration.database().passwordFile()).contains(folder.resolve("pg"));
    assertThat(configuration.database().connections()).isEqualTo(20);
    assertThat(configuration.drain()).isEqualTo(Duration.ofMinutes(5));
    assertThat(configuration.freeBytes()).isEqualTo(10L << 30);
    assertThat(configuration.logLevel()).isEqualTo(LogLevel.DEBUG);
  }

  @Test
  void targetsOnTheFlyAreOffUnlessBothKeysAreSet() throws Exception {
    assertThat(read("{}", Map.of()).adHoc()).isEmpty();
    for (String half : List.of("{networks: [10.0.0.0/8]}", "{like: lab}")) {
      assertThat(problems("adhoc: " + half + "\n", Map.of()))
          .containsExactly(
              folder.resolve("ongsung.yaml")
                  + ":1: adhoc.networks and adhoc.like belong together: set both");
    }
  }

  @Test
  void aProblemBetweenKeysIsToldWhereTheKeyThatIsSetStands() throws Exception {
    Path secret = Files.writeString(folder.resolve("hook"), "s");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    String mail = "notify:\n  mailServer: localhost\n  mailFrom: a@b.example\n";
    String whole = mail + "  mailTo: [c@d.example]\n";
    Map.of(
            "node: a\nadhoc:\n  like: lab\n",
            ":3: adhoc.",
            "node: a\nlisten:\n  ssh: 127.0.0.1:1\n  https: 127.0.0.1:2\n",
            ":4: listen.https or",
            "node: a\nnotify:\n\n  webhookSecretFile: hook\n",
            ":4: notify.webhookSecretFile belongs",
            mail,
            ":2: notify.mailServer, ",
            whole + "  mailUser: gate\n",
            ":5: notify.mailUser and",
            whole + "  mailUser: gate\n  mailPasswordFile: hook\n  mailSecurity: none\n",
            ":7: notify.mailUser needs")
        .forEach(
            (yaml, told) -> {
              try {
                assertThat(problems(yaml, Map.of()))
                    .singleElement()
                    .asString()
                    .startsWith(folder.resolve("ongsung.yaml") + told);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertThat(problems("node: a\n", Map.of("ONGSUNG_ADHOC_LIKE", "lab")))
        .containsExactly(
            "environment variable ONGSUNG_ADHOC_LIKE: adhoc.networks and adhoc.like belong"
                + " together: set both");
  }

  @Test
  void theEnvironmentOverridesTheFile() throws Exception {
    Configuration configuration =
        read(
            "{node: file, listen: {ssh: '127.0.0.1:1'}, log: {level: warn}}",
            Map.of(
                "ONGSUNG_NODE", "env",
                "ONGSUNG_LISTEN_SSH", "127.0.0.1:2",
                "ONGSUNG_HTTP_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8",
                "ONGSUNG_DRAIN", "1s",
                "ONGSUNG_CONFIG", "not a key"));
    assertThat(configuration.node()).isEqualTo("env");
    assertThat(configuration.listenSsh().port()).isEqualTo(2);
    assertThat(configuration.trustedProxies()).hasSize(2);
    assertThat(configuration.drain()).isEqualTo(Duration.ofSeconds(1));
    assertThat(configuration.logLevel()).isEqualTo(LogLevel.WARN);
  }

  @Test
  void thePoolOfConnectionsHasALeastAndAMostSize() throws Exception {
    assertThat(read("{}", Map.of()).database().connections()).isEqualTo(8);
    for (int connections : List.of(2, 100)) {
      String text = Integer.toString(connections);
      assertThat(read("database: {connections: " + text + "}", Map.of()).database().connections())
          .isEqualTo(connections);
      assertThat(read("{}", Map.of("ONGSUNG_DATABASE_CONNECTIONS", text)).database().connections())
          .isEqualTo(connections);
    }
    for (String text : List.of("1", "101", "many", "-8", "99999999999999999999")) {
      assertThat(problems("database:\n  connections: " + text + "\n", Map.of()))
          .singleElement()
          .asString()
          .contains(":2:", "2", "100");
      assertThat(problems("{}", Map.of("ONGSUNG_DATABASE_CONNECTIONS", text)))
          .singleElement()
          .asString()
          .contains("ONGSUNG_DATABASE_CONNECTIONS");
    }
  }

  @Test
  void aPathOfTheConsolesUrlIsItsBase() throws Exception {
    ListenAddress listen = new ListenAddress("0.0.0.0", 8022);
    Configuration under = read("public: {url: 'https://example.com/ongsung/'}", Map.of());
    assertThat(under.base().text()).isEqualTo("/ongsung");
    assertThat(under.localUrl(listen)).hasToString("http://127.0.0.1:8022/ongsung");
    assertThat(read("public: {url: 'https://example.com/'}", Map.of()).base().text()).isEmpty();
    assertThat(read("{}", Map.of()).localUrl(listen)).hasToString("http://127.0.0.1:8022");
    for (String url :
        List.of(
            "https://h/a//b",
            "https://h/a/../b",
            "https://h/%2f",
            "https://h/?a",
            "https://h/#a")) {
      assertThat(problems("public:\n  url: '" + url + "'\n", Map.of()))
          .as(url)
          .singleElement()
          .asString()
          .contains(":2:");
    }
  }

  @Test
  void aLoadBalancerIsNeverTheAddressOfTheCommandLine() throws Exception {
    for (String network : List.of("127.0.0.1", "127.0.0.0/8", "::1", "0.0.0.0/0")) {
      assertThat(problems("listen:\n  proxyProtocol: ['" + network + "']\n", Map.of()))
          .as(network)
          .singleElement()
          .asString()
          .contains(":2:", "127.0.0.2");
    }
    assertThat(read("listen: {proxyProtocol: [127.0.0.2]}", Map.of()).proxyProtocol()).hasSize(1);
  }

  @Test
  void allProblemsAreToldWithTheirLines() throws Exception {
    String name = folder.resolve("ongsung.yaml").toString();
    List<String> problems =
        problems(
            """
            dota: here
            listen:
              ssh: 127.0.0.1
              gopher: 127.0.0.1:70
            drain: soon
            """,
            Map.of("ONGSUNG_LISTN_SSH", "x", "ONGSUNG_LOG_LEVEL", "loud"));
    assertThat(problems).hasSize(6);
    assertThat(problems.get(0)).startsWith(name + ":1:").contains("dota");
    assertThat(problems.get(1)).startsWith(name + ":3:").contains("port is missing");
    assertThat(problems.get(2)).startsWith(name + ":4:").contains("gopher");
    assertThat(problems.get(3)).startsWith(name + ":5:").contains("duration");
    assertThat(problems.get(4)).contains("ONGSUNG_LISTN_SSH").contains("unknown");
    assertThat(problems.get(5)).contains("ONGSUNG_LOG_LEVEL").contains("warn");
  }

  @Test
  void filesThatOthersMayUseAreProblemsAtTheirLine() throws Exception {
    Path data = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-x---"));
    Path secret = Files.writeString(folder.resolve("secret"), "x");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    List<String> problems = problems("data: open\ndatabase:\n  passwordFile: secret\n", Map.of());
    assertThat(problems.get(0)).contains(":1:").contains("chmod 700");
    assertThat(problems.get(1)).contains(":3:").contains("chmod 600");
  }

  @Test
  void aPasswordInTheDatabaseUrlIsRefusedAndNotShown() throws Exception {
    List<String> problems =
        problems("database: {url: 'jdbc:postgresql://db/x?password=hunter2'}", Map.of());
    assertThat(problems).singleElement().asString().contains("database.passwordFile");
    assertThat(problems.toString()).doesNotContain("hunter2");
  }

  @Test
  void aFileThatIsNotThereIsAProblem() {
    assertThat(
            catchThrowableOfType(
                    ConfigurationException.class,
                    () ->
                        ConfigurationReader.read(
                            Optional.of(Path.of("missing.yaml")), Map.of(), folder))
                .problems())
        .containsExactly("missing.yaml: there is no such file");
  }

  @Test
  void theDocumentationHasEveryKey() throws Exception {
    Path page = Path.of(System.getProperty("ongsung.root", "..")).resolve("docs/configuration.md");
    assertThat(page).content().contains(ConfigurationTable.markdown());
  }
}
