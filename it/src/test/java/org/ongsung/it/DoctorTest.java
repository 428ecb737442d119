package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `doctor` finds each thing that can be wrong, and says what to do about it.
class DoctorTest {
  @TempDir Path folder;

  private final int ssh = Ports.free();
  private final int http = Ports.free();
  private Clock clock = Clock.systemUTC();

  private Cli configured(String... more) throws IOException {
    String yaml =
        "data: data\nlisten: {ssh: '127.0.0.1:%d', http: '127.0.0.1:%d', telnet: off}\nrecording: {freeSpace: 1MiB}\n%s\n"
            .formatted(ssh, http, String.join("\n", more));
    Files.writeString(folder.resolve("ongsung.yaml"), yaml);
    return new Cli(folder).at(clock);
  }

  private Path data() throws IOException {
    return Files.createDirectories(
        folder.resolve("data"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /// What is found about one thing; all else must be well.
  private static JsonNode only(Cli cli, String about, String state) {
    CompletedProgram done = cli.run("doctor", "--output", "json");
    JsonNode findings = JsonMapper.shared().readTree(done.stdout());
    List<JsonNode> bad =
        findings.valueStream().filter(f -> !f.path("state").asString("").equals("OK")).toList();
    assertThat(bad).as(done.toString()).hasSize(1);
    JsonNode finding = bad.getFirst();
    assertThat(finding.propertyNames())
        .containsExactlyInAnyOrder("about", "state", "message", "advice");
    assertThat(finding.path("about").asString("")).isEqualTo(about);
    assertThat(finding.path("state").asString("")).isEqualTo(state);
    assertThat(finding.path("advice").asString("")).isNotEmpty();
    assertThat(done.exit()).isEqualTo(state.equals("PROBLEM") ? 1 : 0);
    return finding;
  }

  private static String all(JsonNode finding) {
    return finding.path("message").asString("") + "\n" + finding.path("advice").asString("");
  }

  @Test
  void aNewPlaceIsWell() throws Exception {
    String told = configured().done("doctor");
    assertThat(told).contains("java", "data", "disk", "database", "clock", "ssh", "console");
    assertThat(told).contains("is free", "will be made at the first start");
  }

  @Test
  void aPortThatIsTakenIsToldWithTheKeyToChange() throws Exception {
    try (ServerSocket _ = new ServerSocket(ssh, 1, InetAddress.getLoopbackAddress())) {
      assertThat(all(only(configured(), "ssh", "PROBLEM")))
          .contains("127.0.0.1:" + ssh, "ss -ltnp", "listen.ssh");
    }
    try (ServerSocket _ = new ServerSocket(http, 1, InetAddress.getLoopbackAddress())) {
      assertThat(all(only(configured(), "console", "PROBLEM"))).contains("listen.http");
    }
    int more = Ports.free();
    Cli cli = withTls().with("ONGSUNG_LISTEN_HTTPS", "127.0.0.1:" + more);
    assertThat(cli.done("doctor")).contains("https", "127.0.0.1:" + more + " is free");
    try (ServerSocket _ = new ServerSocket(more, 1, InetAddress.getLoopbackAddress())) {
      assertThat(all(only(cli, "https", "PROBLEM"))).contains("ss -ltnp", "listen.https");
      cli = withTls().with("ONGSUNG_LISTEN_TELNETS", "127.0.0.1:" + more);
      assertThat(all(only(cli, "telnets", "PROBLEM"))).contains("ss -ltnp", "listen.telnets");
    }
  }

  private Cli withTls() throws IOException {
    return configured()
        .with("ONGSUNG_TLS_CERTIFICATE", folder.resolve("tls.pem").toString())
        .with("ONGSUNG_TLS_KEY", folder.resolve("tls.key").toString());
  }

  @Test
  void aOneTimePortThatIsTakenIsTold() throws Exception {
    int port = Ports.free();
    String range = "127.0.0.1:" + port + "-" + port;
    Cli cli = configured().with("ONGSUNG_TELNET_TUNNELS", range);
    assertThat(cli.done("doctor")).contains("tunnels", range + " is free");
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(all(only(cli, "tunnels", "PROBLEM")))
          .contains("127.0.0.1:" + port, "telnet.tunnels");
    }
  }

  @Test
  void thePlaceForFrontServersIsLookedAtToo() throws Exception {
    Path socket = folder.resolve("front.sock");
    Cli cli = configured().with("ONGSUNG_LISTEN_FASTCGI", "unix:" + socket);
    assertThat(cli.done("doctor")).contains("unix:" + socket + " is free");
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(socket));
      assertThat(all(only(cli, "fastcgi", "PROBLEM"))).contains("ss -lxp", "listen.fastcgi");
    }
    cli.with("ONGSUNG_LISTEN_FASTCGI", "unix:" + folder + "/none/front.sock");
    assertThat(all(only(cli, "fastcgi", "PROBLEM"))).contains("its folder is not there");
    int port = Ports.free();
    cli.with("ONGSUNG_LISTEN_FASTCGI", "127.0.0.1:" + port);
    assertThat(cli.done("doctor")).contains("fastcgi", "127.0.0.1:" + port + " is free");
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(all(only(cli, "fastcgi", "PROBLEM"))).contains("listen.fastcgi");
    }
  }

  @Test
  void aRunningGatewayTellsWhereFrontServersConnectAndAnswersThere() throws Exception {
    try (Installation gate = Installation.start("  fastcgi: 127.0.0.1:0")) {
      gate.server().awaitOutput("fastcgi ", Deadlines.ACTION);
      String told = gate.server().stdout();
      Matcher line = Pattern.compile("fastcgi +127\\.0\\.0\\.1:([1-9][0-9]*)").matcher(told);
      assertThat(line.find()).as(told).isTrue();
      Cli cli = Cli.of(gate).with("ONGSUNG_LISTEN_FASTCGI", "127.0.0.1:" + line.group(1));
      assertThat(cli.done("doctor")).contains("fastcgi", "answers on 127.0.0.1:" + line.group(1));
      cli.with("ONGSUNG_LISTEN_FASTCGI", "127.0.0.1:" + gate.httpPort());
      assertThat(all(only(cli, "fastcgi", "PROBLEM"))).contains("does not answer");
    }
  }

  @Test
  void filesThatOthersMayUseAreToldWithTheRemedy() throws Exception {
    Path secret = Files.writeString(data().resolve("vault.keys"), "");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(all(only(configured(), "data", "PROBLEM")))
        .contains("vault.keys", "chmod -R go-rwx");
    Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(all(only(configured(), "configuration", "PROBLEM"))).contains("chmod 700");
  }

  @Test
  void aFullDiskIsTold() throws Exception {
    Cli cli = configured().with("ONGSUNG_RECORDING_FREE_SPACE", "8000000GiB");
    assertThat(all(only(cli, "disk", "PROBLEM"))).contains("free", "Make room");
  }

  @Test
  void aDatabaseThatIsDamagedOrDoesNotAnswerIsTold() throws Exception {
    Path file = Files.write(data().resolve("ongsung.db"), new byte[8192]);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, "this is no database at all".repeat(400));
    assertThat(all(only(configured(), "database", "PROBLEM"))).contains("ongsung restore");
    Files.delete(file);
    int nobody = Ports.free();
    Cli cli = configured("database: {url: 'jdbc:postgresql://127.0.0.1:" + nobody + "/x'}");
    assertThat(all(only(cli, "database", "PROBLEM"))).contains("database.url");
  }

  @Test
  void aDatabaseOfAnotherVersionIsToldWithTheWayOn() throws Exception {
    try (Database database = Database.open(new DatabaseConfig.Embedded(data()))) {
      database.migrate();
    }
    String newest = "(select max(installed_rank) from main_schema_history)";
    inDatabase("delete from main_schema_history where installed_rank = " + newest);
    assertThat(all(only(configured(), "database", "WARNING")))
        .contains("older version", "backs it up");
    inDatabase(
        "insert into main_schema_history (installed_rank, version, description, type, script,"
            + " installed_by, execution_time, success)"
            + " values (99, '99', '', 'SQL', '', '', 0, 1)");
    assertThat(all(only(configured(), "database", "PROBLEM")))
        .contains("newer version", "schema 99", "Start the newer version")
        .doesNotContain("damaged");
  }

  private void inDatabase(String statement) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data().resolve(Database.MAIN_FILE));
        Statement change = connection.createStatement()) {
      assertThat(change.executeUpdate(statement)).isEqualTo(1);
    }
  }

  @Test
  void aClockThatIsWrongIsTold() throws Exception {
    clock = Clock.fixed(Instant.parse("1999-12-31T00:00:00Z"), ZoneOffset.UTC);
    assertThat(all(only(configured(), "clock", "PROBLEM"))).contains("1999", "NTP");
  }

  @Test
  void aConfigurationThatIsWrongIsToldWithItsLine() throws Exception {
    assertThat(all(only(configured("drane: 3s"), "configuration", "PROBLEM")))
        .contains("ongsung.yaml:4", "drane", "docs/configuration.md");
  }

  @Test
  void theLauncherSaysWhichJdkIsMissingAndWhereToGetIt() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "hides /usr/lib/jvm");
    Path old = folder.resolve("jdk-17");
    Path java = Files.createDirectories(old.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    Path launcher = Path.of(System.getProperty("ongsung.root")).resolve("ongsung");
    CompletedProgram done =
        Program.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs none /usr/lib/jvm && exec \"$0\" version")
            .and(launcher.toString())
            .environment("JAVA_HOME", old.toString())
            .environment("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .environment("HOME", folder.toString())
            .run()
            .expectExit(1);
    assertThat(done.stdout()).isEmpty();
    assertThat(done.stderr())
        .contains("needs a JDK 25", old + " is Java 17", "Install one", "JAVA_HOME");
  }
}
