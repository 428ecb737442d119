package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.cli.Surroundings;
import org.ongsung.server.Main;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every command against one gateway that runs: what it does, how it ends, what a program reads of
/// it, and what it says when it cannot.
class CommandLineTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";
  private static Installation gate;
  private static OpenSshServer sshd;
  private static SshKey key;
  private static SshKey bert;
  private static Cli cli;

  @BeforeAll
  static void start() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start("recording: {freeSpace: 1MiB}");
    key = gate.key("alice", "ed25519");
    bert = gate.key("bert", "ed25519");
    cli = Cli.of(gate);
    gate.write("access.yaml", access());
    cli.done("apply", "-f", "access.yaml");
  }

  @AfterAll
  static void stop() {
    if (gate != null) {
      gate.close();
    }
    if (sshd != null) {
      sshd.close();
    }
  }

  private static String access() {
    return """
    users:
      - name: admin
        roles: [admin]
      - name: alice
        title: 김앨리스
        roles: [user]
        publicKeys: ["%s"]
      - name: bert
        roles: [user]
        publicKeys: ["%s"]
    targets:
    %s
    grants:
      - name: alice-on-web
        who: {users: [alice]}
        where: {targets: [web-1]}
        as: [worker]
        may: [shell, exec]
      - name: bert-on-web
        who: {users: [bert]}
        where: {targets: [web-1]}
        as: [worker]
        may: [shell, exec]
    """
        .formatted(key.publicLine(), bert.publicLine(), Installation.target("web-1", sshd));
  }

  private static List<String> keys(JsonNode object) {
    return List.copyOf(object.propertyNames());
  }

  private static List<String> names(JsonNode list) {
    return list.valueStream().map(entry -> entry.path("name").asString("")).toList();
  }

  @Test
  void usersAreAddedListedShownChangedAndDeleted() {
    assertThat(cli.input("tr0ub4dor and 3\n").done("user", "add", "bob", "--password-stdin"))
        .isEqualTo("user bob is added\n");
    assertThat(cli.failing(2, "user", "add", "bob")).contains("already", "ongsung user set");
    assertThat(gate.logIn("bob", "tr0ub4dor and 3")).isEqualTo(200);

    cli.done("user", "set", "bob", "--title", "박보배", "--role", "user,auditor", "--group", "ops");
    JsonNode bob = cli.json("user", "show", "bob");
    assertThat(keys(bob)).contains("name", "title", "roles", "groups", "active", "publicKeys");
    assertThat(bob.path("title").asString("")).isEqualTo("박보배");
    assertThat(bob.toString()).doesNotContain("argon2").doesNotContain("tr0ub4dor");
    assertThat(cli.done("user", "list")).contains("NAME", "bob", "박보배", "user, auditor", "ops");
    assertThat(names(cli.json("user", "list").path("users"))).contains("alice", "bob");
    assertThat(cli.done("user", "show", "bob")).contains("title: 박보배");

    cli.done("user", "set", "bob", "--no-active");
    assertThat(gate.logIn("bob", "tr0ub4dor and 3")).isEqualTo(401);
    assertThat(cli.done("user", "delete", "bob")).isEqualTo("user bob is deleted\n");
    assertThat(cli.failing(4, "user", "show", "bob")).contains("list");
    assertThat(cli.failing(4, "user", "delete", "bob")).contains("list");
    assertThat(cli.failing(2, "user", "add", "Bob!")).contains("Bob!");
    assertThat(cli.failing(2, "user", "set", "alice", "--role", "king")).contains("king");
    assertThat(cli.failing(2, "user", "set", "alice", "--password"))
        .contains("no terminal", "--password-stdin");
  }

  @Test
  void groupsAreAddedListedShownChangedAndDeleted() {
    cli.done("group", "add", "night-shift", "--title", "야간");
    assertThat(cli.json("group", "show", "night-shift").path("title").asString("")).isEqualTo("야간");
    cli.done("group", "set", "night-shift", "--title", "야간 근무");
    assertThat(cli.done("group", "list")).contains("night-shift", "야간 근무");
    assertThat(names(cli.json("group", "list").path("groups"))).contains("night-shift");
    cli.done("group", "delete", "night-shift");
    assertThat(cli.failing(4, "group", "show", "night-shift")).contains("night-shift");
  }

  @Test
  void targetsAreAddedListedShownChangedAndDeleted() {
    String file = sshd.clientKey().privateKeyFile().toString();
    assertThat(cli.failing(2, "target", "add", "web-2", "--address", sshd.address()))
        .contains("--trust-on-first-use");
    cli.done(
        "target",
        "add",
        "web-2",
        "--address",
        sshd.address(),
        "--trust-on-first-use",
        "--label",
        "env=prod",
        "--account",
        "worker",
        "--login",
        sshd.user(),
        "--private-key-file",
        file);
    JsonNode web = cli.json("target", "show", "web-2");
    assertThat(keys(web))
        .contains("name", "title", "protocol", "address", "labels", "hostKeys", "accounts");
    assertThat(web.path("labels").path("env").asString("")).isEqualTo("prod");
    assertThat(web.toString()).doesNotContain("PRIVATE KEY");
    cli.done("target", "set", "web-2", "--title", "웹 2", "--label", "env=");
    assertThat(cli.done("target", "list")).contains("web-2", "웹 2", sshd.address());
    assertThat(names(cli.json("target", "list").path("targets"))).contains("web-1", "web-2");
    assertThat(cli.failing(2, "target", "set", "web-2", "--login", "root")).contains("--account");
    cli.done("target", "delete", "web-2");
    assertThat(cli.failing(4, "target", "show", "web-2")).contains("web-2");
  }

  @Test
  void aPrivateKeyThatOthersMayReadIsRefused() throws Exception {
    Path open = gate.write("open-key", Files.readString(sshd.clientKey().privateKeyFile()));
    Files.setPosixFilePermissions(
        open, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(
            cli.failing(
                2,
                "target",
                "set",
                "web-1",
                "--account",
                "worker",
                "--private-key-file",
                "open-key"))
        .contains("chmod 600");
    assertThat(
            cli.failing(
                1, "target", "set", "web-1", "--account", "worker", "--private-key-file", "gone"))
        .contains("no such file");
  }

  @Test
  void grantsAreAddedListedShownChangedAndDeleted() {
    cli.done(
        "grant",
        "add",
        "g",
        "--user",
        "alice",
        "--target",
        "web-1",
        "--as",
        "worker",
        "--may",
        "sftp",
        "--until",
        "2030-01-01T00:00:00+09:00",
        "--idle",
        "30m",
        "--sessions",
        "3");
    JsonNode grant = cli.json("grant", "show", "g");
    assertThat(keys(grant)).contains("name", "who", "where", "as", "may", "until", "limits");
    cli.done("grant", "set", "g", "--may", "sftp,exec", "--until", "");
    assertThat(cli.json("grant", "show", "g").path("may").toString()).contains("sftp", "exec");
    assertThat(cli.done("grant", "list")).contains("alice-on-web", "g", "web-1");
    assertThat(names(cli.json("grant", "list").path("grants"))).contains("g", "alice-on-web");
    assertThat(cli.failing(2, "grant", "set", "g", "--until", "tomorrow")).contains("until");
    assertThat(cli.failing(2, "grant", "set", "g", "--may", "fly")).contains("fly");
    cli.done("grant", "delete", "g");
    assertThat(cli.failing(4, "grant", "delete", "g")).contains("g");
  }

  @Test
  void reachAnswersBothQuestions() {
    assertThat(cli.done("reach", "--user", "alice")).contains("web-1", "worker", "alice-on-web");
    assertThat(cli.done("reach", "--target", "web-1")).contains("alice", "alice-on-web");
    assertThat(cli.json("reach", "--user", "alice").toString()).contains("\"web-1\"");
    assertThat(cli.failing(4, "reach", "--user", "nobody")).contains("nobody");
    cli.failing(2, "reach");
  }

  @Test
  void aSessionIsListedShownReplayedAndTerminated() {
    gate.client(key).ssh(WHERE, "echo 안녕; echo wrong >&2; exit 3").run().expectExit(3);
    Deadlines.await(
        "the session has ended", () -> !gate.sessions("user=alice&state=ended").isEmpty());
    JsonNode list = cli.json("session", "list", "--user", "alice", "--state", "ended");
    JsonNode session = list.path("sessions").path(0);
    assertThat(keys(session))
        .contains("id", "state", "startedAt", "user", "account", "target", "source");
    String id = session.path("id").asString("");
    assertThat(cli.done("session", "list")).contains("STATE", id, "alice", "web-1");
    assertThat(cli.done("session", "show", id)).contains("user: alice", "exec", "echo 안녕");
    assertThat(keys(cli.json("session", "show", id))).contains("session", "channels", "files");
    assertThat(cli.done("session", "hold", id, "--reason", "내부 조사"))
        .isEqualTo("session " + id + " is held\n");
    assertThat(cli.done("session", "show", id)).contains("held:", "내부 조사");
    assertThat(cli.failing(1, "session", "hold", id, "--reason", "again")).contains("held already");
    assertThat(cli.done("session", "release", id, "--reason", "끝남"))
        .isEqualTo("session " + id + " is held no more\n");
    assertThat(cli.failing(1, "session", "release", id, "--reason", "again")).contains("nobody");
    assertThat(cli.run("replay", id).expectSuccess().stdout()).contains("안녕\n");
    assertThat(cli.run("replay", id, "--no-timing").expectSuccess().stdout()).contains("안녕\n");
    assertThat(cli.run("replay", id, "--speed", "1000").expectSuccess().stdout()).contains("안녕\n");
    List<String> lines = cli.done("replay", id, "--output", "json").lines().toList();
    assertThat(lines).hasSizeGreaterThan(1).allSatisfy(JsonMapper.shared()::readTree);
    assertThat(String.join("", lines)).contains("안녕");
    assertThat(cli.failing(2, "replay", id, "--speed", "0")).contains("--speed");
    assertThat(cli.failing(2, "replay", id, "--speed", "1001")).contains("--speed");
    assertThat(cli.failing(4, "replay", "01m00000000000000000000000")).contains("list");
    assertThat(cli.failing(2, "session", "list", "--state", "gone")).contains("gone");
    cli.failing(4, "session", "show", "01m00000000000000000000000");

    try (RunningProgram live = gate.client(key).ssh(WHERE, "echo here; sleep 300").start()) {
      live.awaitOutput("here\n", Deadlines.ACTION);
      String now =
          cli.json("session", "list", "--state", "live")
              .path("sessions")
              .path(0)
              .path("id")
              .asString("");
      assertThat(cli.failing(2, "session", "terminate", now)).contains("--reason");
      assertThat(cli.done("session", "terminate", now, "--reason", "점검"))
          .isEqualTo("session " + now + " is terminated\n");
      assertThat(live.await(Deadlines.ACTION).stderr()).contains("점검");
      Deadlines.await("the session is terminated", () -> gate.sessions("state=live").isEmpty());
      assertThat(cli.failing(1, "session", "terminate", now, "--reason", "again"))
          .contains("not live any more");
    }
  }

  @Test
  void aReplayInItsOwnTimeTakesAsLongAndAFasterOneLess() throws Exception {
    StringBuilder cast = new StringBuilder("{\"version\":2,\"width\":80,\"height\":24}\n");
    cast.append("[0.1,\"o\",\"first \"]\n[2.1,\"o\",\"last\\r\\n\"]\n");
    gate.write("two-seconds.cast", cast.toString());
    long start = System.nanoTime();
    assertThat(cli.run("replay", "two-seconds.cast").expectSuccess().stdout())
        .contains("first last");
    assertThat(System.nanoTime() - start).isGreaterThan(1_900_000_000L);
    assertThat(cli.run("replay", "two-seconds.cast", "--speed", "100").expectSuccess().stdout())
        .contains("first last");
    assertThat(cli.run("replay", "two-seconds.cast", "--no-timing").expectSuccess().stdout())
        .contains("first last");
  }

  @Test
  void applyShowsWhatDiffersAndOnlyThenChanges() {
    String more =
        access()
            + "  - name: extra\n    who: {users: [alice]}\n"
            + "    where: {targets: [web-1]}\n    as: [worker]\n    may: [sftp]\n";
    gate.write("more.yaml", more);
    assertThat(cli.done("apply", "-f", "more.yaml", "--dry-run"))
        .contains("+ grant extra", "dry run, nothing was changed: 1 to create");
    cli.failing(4, "grant", "show", "extra");
    JsonNode applied = cli.json("apply", "-f", "more.yaml");
    assertThat(keys(applied)).contains("differences", "applied");
    assertThat(applied.path("applied").asBoolean(false)).isTrue();
    assertThat(cli.done("apply", "-f", "more.yaml")).isEqualTo("nothing to change\n");
    assertThat(cli.input(access()).done("apply", "-f", "-")).isEqualTo("nothing to change\n");
    assertThat(cli.done("apply", "-f", "access.yaml", "--prune", "--dry-run"))
        .contains("- grant extra");
    cli.done("grant", "delete", "extra");

    gate.write("bad.yaml", "users:\n  - name: alice\n    rolls: [user]\n");
    assertThat(cli.failing(2, "apply", "-f", "bad.yaml")).contains("bad.yaml:3", "rolls");
    assertThat(cli.failing(2, "apply", "-f", "gone.yaml")).contains("gone.yaml");
    cli.failing(2, "apply");
  }

  @Test
  void anExportIsAnAccessFileWithoutSecretsThatChangesNothing() {
    String exported = cli.done("export");
    assertThat(exported)
        .contains("name: alice", "김앨리스", "web-1")
        .doesNotContain("argon2")
        .doesNotContain("PRIVATE KEY");
    gate.write("exported.yaml", exported);
    assertThat(cli.done("apply", "-f", "exported.yaml", "--prune"))
        .isEqualTo("nothing to change\n");
    assertThat(keys(cli.json("export"))).contains("users", "targets", "grants");
  }

  @Test
  void theLedgerIsListedAndExported() {
    assertThat(cli.done("ledger", "list", "--code", "server.start")).contains("server.start");
    JsonNode entry = cli.json("ledger", "list", "--limit", "1").path("entries").path(0);
    assertThat(keys(entry)).contains("sequence", "at", "code", "actor", "source", "subject");
    assertThat(cli.done("ledger", "export", "--code", "server.start").lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(JsonMapper.shared().readTree(line).isObject()).isTrue());
    cli.failing(2, "ledger", "list", "--since", "yesterday");
  }

  @Test
  void aTokenIsCreatedListedAndRevoked() {
    JsonNode made = cli.json("token", "create", "--label", "script");
    String secret = made.path("token").asString("");
    assertThat(secret).startsWith("ong_");
    assertThat(cli.done("token", "list")).contains("script").doesNotContain(secret);
    String id =
        cli.json("token", "list")
            .path("tokens")
            .valueStream()
            .filter(token -> token.path("label").asString("").equals("script"))
            .findFirst()
            .orElseThrow()
            .path("id")
            .asString("");
    cli.done("token", "revoke", id);
    cli.failing(4, "token", "revoke", id);
  }

  @Test
  void aListThatASpreadsheetWroteInItsOwnWayIsToldHowToSaveIt() throws Exception {
    Files.write(
        gate.folder().resolve("users-old.csv"),
        "name,title\r\nkim,\uae40\r\n".getBytes(Charset.forName("EUC-KR")));
    assertThat(cli.failing(2, "import", "users-old.csv"))
        .contains("line 2", "not UTF-8", "CSV UTF-8", "iconv -f CP949");
    gate.write("users-parted.csv", "name;title\nkim;x\n");
    assertThat(cli.run("import", "users-parted.csv").stderr()).contains("parted by", ";", "commas");
    gate.write("users-bom.csv", "\uFEFF이름,설명\r\n\r\nkim,\"김, 씨\"\r\n");
    assertThat(cli.done("import", "users-bom.csv", "--dry-run")).contains("kim", "김, 씨");
    assertThat(cli.json("user", "list").toString()).doesNotContain("\"kim\"");
  }

  @Test
  void blocksAreListedAndReleased() {
    assertThat(cli.json("block", "list").path("blocks").isArray()).isTrue();
    cli.done("block", "list");
    cli.failing(4, "block", "release", "192.0.2.1");
  }

  @Test
  void anAddressIsBlockedForSshAfterFailedLoginsUntilItIsReleased() {
    String address = "127.0.0.77";
    for (int round = 0; round < 3 && !isBlocked(address); round++) {
      failToLogIn(address, 10); // at once, so that nobody's pause comes before another's attempt
    }
    assertThat(cli.done("block", "list")).contains(address);
    assertThat(wrongPassword(address).run().expectExit(255).stderr())
        .contains("too many failed logins; try again in ");
    assertThat(from(address).run().expectExit(255).stderr()).as("his own key").contains("denied");
    from("127.0.0.78").run().expectSuccess();
    assertThat(gate.ledger("code=login.blocked&text=" + address))
        .filteredOn(event -> event.path("details").has("failures"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.path("source").asString("")).isEqualTo(address);
              assertThat(event.path("details").path("reason").asString(""))
                  .isEqualTo("too many failures");
              assertThat(event.path("details").path("failures").asInt(0)).isEqualTo(10);
            });

    assertThat(cli.done("block", "release", address)).contains(address);
    assertThat(isBlocked(address)).isFalse();
    from(address).run().expectSuccess();
    JsonNode released = gate.ledger("code=login.released").getFirst();
    assertThat(released.path("subject").asString("")).isEqualTo(address);
    cli.failing(4, "block", "release", address);
  }

  private static boolean isBlocked(String address) {
    return cli.json("block", "list").path("blocks").toString().contains('"' + address + '"');
  }

  private static Program from(String address) {
    return gate.client(bert).ssh("-b", address, "bert+web-1@127.0.0.1", "true");
  }

  private static Program wrongPassword(String address) {
    return gate.client(bert)
        .ssh("-b", address, "-o", "BatchMode=no", "-o", "NumberOfPasswordPrompts=1")
        .and("-o", "PreferredAuthentications=password", "mallory+web-1@127.0.0.1", "true")
        .through("sshpass", "-e")
        .environment("SSHPASS", "a wrong password");
  }

  private static void failToLogIn(String address, int times) {
    Program attempt = wrongPassword(address);
    List<RunningProgram> attempts = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      attempts.add(attempt.start());
    }
    for (RunningProgram started : attempts) {
      try (started) {
        assertThat(started.await(Deadlines.SERVICE).exit()).isNotZero();
      }
    }
  }

  @Test
  void doctorIsContentWithAGatewayThatRuns() {
    assertThat(cli.done("doctor"))
        .contains(
            "answers on 127.0.0.1:" + gate.sshPort(),
            "answers on 127.0.0.1:" + gate.httpPort(),
            "runs on this data folder",
            "can be used");
  }

  @Test
  void doctorTellsAClockThatStandsBeforeTheLedger() {
    Cli back = Cli.of(gate).at(Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)));
    CompletedProgram done = back.run("doctor").expectExit(1);
    assertThat(done.stdout()).contains("problem", "ledger's newest event", "clock: Set it", "NTP");
  }

  @Test
  void aBackupGoesAndComesWithAndWithoutAGateway() throws Exception {
    Deadlines.await("there is a reserve", () -> Files.exists(gate.data().resolve("reserve")));
    JsonNode online = cli.json("backup", "online.tar.gz");
    assertThat(keys(online)).containsExactly("file", "bytes");
    assertThat(cli.failing(1, "backup", "online.tar.gz")).contains("already", "another name");
    assertThat(Files.getPosixFilePermissions(gate.folder().resolve("online.tar.gz"))).hasSize(2);

    Path folder = Folders.untilExit("ongsung-restored");
    Cli offline = new Cli(folder);
    assertThat(offline.failing(4, "backup", "none.tar.gz")).contains("no data folder", "--config");
    assertThat(folder.resolve("none.tar.gz")).doesNotExist();
    String backup = gate.folder().resolve("online.tar.gz").toString();
    assertThat(keys(offline.json("restore", backup)))
        .containsExactly("data", "version", "createdAt", "files");
    assertThat(folder.resolve("data/reserve")).as("made anew by who starts").doesNotExist();
    assertThat(offline.failing(1, "restore", backup)).contains("not empty", "ongsung doctor");
    assertThat(offline.done("backup", "offline.tar.gz")).contains("offline.tar.gz");

    Path again = Folders.untilExit("ongsung-restored");
    byte[] whole = Files.readAllBytes(folder.resolve("offline.tar.gz"));
    Files.write(again.resolve("cut.tar.gz"), Arrays.copyOf(whole, whole.length - 2_000));
    assertThat(new Cli(again).failing(1, "restore", "cut.tar.gz")).contains("try another backup");
    Files.writeString(again.resolve("other.tar.gz"), "something else");
    assertThat(new Cli(again).failing(1, "restore", "other.tar.gz")).contains("try another backup");
    assertThat(new Cli(again).failing(1, "restore", "gone.tar.gz"))
        .contains("no such file", "is there");
    assertThat(again.resolve("data")).doesNotExist();
    new Cli(again).done("restore", folder.resolve("offline.tar.gz").toString());
  }

  @Test
  void versionNeedsNoGateway() {
    assertThat(new Cli(gate.folder()).done("version")).startsWith("ongsung ");
    assertThat(keys(new Cli(gate.folder()).json("version"))).contains("ongsung", "java", "system");
  }

  @Test
  void withoutAGatewayACommandSaysHowToStartOne() {
    Path empty = Folders.untilExit("ongsung-nowhere");
    Cli nowhere = new Cli(empty);
    assertThat(nowhere.failing(5, "user", "list")).contains("ongsung serve");
    assertThat(nowhere.failing(2, "user", "list", "--config", "gone.yaml")).contains("gone.yaml");
  }

  @Test
  void whatIsNotUnderstoodPointsToTheHelpOfItsCommand() {
    List<String> told = new ArrayList<>();
    everyCommand(
        (words, _) -> {
          List<String> arguments = new ArrayList<>(words);
          arguments.add("--no-such-option");
          String error = cli.failing(2, arguments.toArray(String[]::new));
          told.add(error);
          assertThat(error)
              .contains("See: ongsung" + (words.isEmpty() ? "" : " " + String.join(" ", words)));
        });
    assertThat(told).hasSizeGreaterThan(40);
  }

  @Test
  void everyCommandHasAHelpThatTellsAllOfIt() {
    everyCommand(
        (words, spec) -> {
          List<String> arguments = new ArrayList<>(words);
          arguments.add("--help");
          String help = cli.done(arguments.toArray(String[]::new));
          assertThat(help)
              .as(String.join(" ", words))
              .startsWith("Usage: ongsung")
              .contains("--config=FILE", "--output=FORM", "--help", "Exit status:");
          assertThat(spec.usageMessage().description()).as(help).isNotEmpty();
          spec.options().forEach(option -> assertThat(option.description()).as(help).isNotEmpty());
          spec.positionalParameters()
              .forEach(parameter -> assertThat(parameter.description()).as(help).isNotEmpty());
          assertThat(help.lines())
              .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        });
  }

  @Test
  void theWebhooksSecretIsSealedForTheOwnerOfTheDataFolderAlone() throws Exception {
    cli.input("a first secret\n").done("webhook", "secret", "--secret-stdin");
    gate.write("hook.secret", "a second secret\nnot this\n");
    cli.done("webhook", "secret", "--secret-file", "hook.secret");
    assertThat(newestSecretChange()).isEqualTo("webhook set local-admin");
    cli.typing("a third secret", "a third secret").done("webhook", "secret");
    gate.write("hook.secret", "\n");
    assertThat(cli.failing(2, "webhook", "secret", "--secret-file", "hook.secret"))
        .contains("no secret on its first line");
    Files.setPosixFilePermissions(
        gate.folder().resolve("hook.secret"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(cli.failing(2, "webhook", "secret", "--secret-file", "hook.secret"))
        .contains("chmod 600");
    cli.done("webhook", "secret", "--remove");
    assertThat(newestSecretChange()).isEqualTo("webhook removed local-admin");
    cli.input("right password 3\n")
        .done("user", "add", "wendy", "--role=admin", "--password-stdin");
    Path home = Folders.untilExit("ongsung-wendy");
    Cli admin = new Cli(home).with("XDG_CONFIG_HOME", home.toString()).input("right password 3\n");
    String url = "http://127.0.0.1:" + gate.httpPort();
    admin.run("login", url, "--user", "wendy", "--password-stdin").expectSuccess();
    assertThat(admin.input("another\n").failing(3, "webhook", "secret", "--secret-stdin"))
        .contains("owner of the data folder");
    assertThat(admin.failing(3, "webhook", "secret", "--remove"))
        .contains("owner of the data folder");
  }

  private String newestSecretChange() {
    JsonNode entry =
        gate.api("GET", "/api/v1/ledger?code=secret.changed&limit=1", "").path("entries").path(0);
    return String.join(
        " ",
        entry.path("subject").asString(""),
        entry.path("details").path("action").asString(""),
        entry.path("actor").asString(""));
  }

  @Test
  void everyCommandPrintsWhatAProgramReads() throws Exception {
    List<String> commands = new ArrayList<>();
    everyCommand(
        (words, spec) -> {
          if (spec.subcommands().isEmpty()) {
            commands.add(String.join(" ", words));
          }
        });
    EveryCommandAsJson walk = new EveryCommandAsJson(gate, sshd, bert, access());
    walk.run();
    assertThat(walk.done())
        .as("a new command stands in the walk, or among those that run until they are ended")
        .containsExactlyInAnyOrderElementsOf(commands);
  }

  @Test
  @Tag("long")
  void whatRunsUntilItIsEndedPrintsWhatAProgramReadsToo() {
    try (Installation other = Installation.prepared();
        RunningProgram server = other.program("serve", "--output", "json").start()) {
      assertThat(keys(untilWhole(server))).contains("ssh", "console", "adminPassword");
    }
    String token = cli.json("job", "worker", "create", "json-worker").path("token").asString("");
    String file = gate.write("json-worker.token", token + "\n").toString();
    try (RunningProgram worker =
        gate.program("worker", "--join", "http://127.0.0.1:" + gate.httpPort())
            .and("--token-file", file, "--output", "json")
            .start()) {
      JsonNode told = untilWhole(worker);
      assertThat(told.path("worker").asString("")).isEqualTo("json-worker");
      assertThat(told.toString()).doesNotContain(token);
    }
  }

  private static JsonNode untilWhole(RunningProgram program) {
    program.awaitOutput("}", Deadlines.SERVICE);
    return JsonMapper.shared().readTree(program.stdout());
  }

  private interface Visitor {
    void visit(List<String> words, CommandSpec spec);
  }

  private static void everyCommand(Visitor visitor) {
    visit(List.of(), Main.commandLine(Surroundings.ofThisProcess()).getCommandSpec(), visitor);
  }

  private static void visit(List<String> words, CommandSpec spec, Visitor visitor) {
    visitor.visit(words, spec);
    for (Map.Entry<String, CommandLine> sub : spec.subcommands().entrySet()) {
      List<String> longer = new ArrayList<>(words);
      assertThat(sub.getValue().getCommandName()).isEqualTo(sub.getKey());
      longer.add(sub.getKey());
      visit(longer, sub.getValue().getCommandSpec(), visitor);
    }
  }

  @Test
  void aLoginElsewhereIsMadeByAPromptAndForgottenAgain() {
    String url = "http://127.0.0.1:" + gate.httpPort();
    cli.input("open sesame 1234\n")
        .done("user", "add", "carol", "--role", "auditor", "--password-stdin");
    Path home = Folders.untilExit("ongsung-carol");
    String script =
        """
        log_user 1
        set timeout 300
        spawn -noecho {*}$argv
        expect "Password of carol at %s: "
        send "open sesame 1234\\r"
        expect eof
        lassign [wait] _ _ _ status
        exit $status
        """
            .formatted(url);
    CompletedProgram login =
        gate.program("login", url, "--user", "carol")
            .through("expect", gate.write("login.exp", script).toString())
            .environment("HOME", home.toString())
            .environment("XDG_CONFIG_HOME", home.toString())
            .in(home)
            .within(Deadlines.SERVICE)
            .run()
            .expectSuccess();
    assertThat(login.stdout())
        .contains("logged in as carol at " + url)
        .doesNotContain("open sesame");
    Path saved = home.resolve("ongsung/login.json");
    assertThat(saved).content().contains("ong_").doesNotContain("open sesame");

    Cli carol = new Cli(home).with("XDG_CONFIG_HOME", home.toString());
    assertThat(names(carol.json("user", "list").path("users"))).contains("carol");
    assertThat(carol.failing(3, "user", "delete", "alice")).contains("right");
    assertThat(carol.done("logout")).isEqualTo("logged out from " + url + "\n");
    assertThat(saved).doesNotExist();
    assertThat(carol.failing(1, "logout")).contains("no login");
    assertThat(carol.failing(5, "user", "list")).contains("ongsung login URL");
    cli.done("user", "delete", "carol");
  }

  @Test
  void aLoginFromAScriptAndEveryWayItFails() throws Exception {
    String url = "http://127.0.0.1:" + gate.httpPort();
    cli.input("right password 1\n").done("user", "add", "dave", "--password-stdin");
    Path home = Folders.untilExit("ongsung-dave");
    Cli dave = new Cli(home).with("XDG_CONFIG_HOME", home.toString());

    dave.input("wrong\n");
    assertThat(dave.failing(3, "login", url, "--user", "dave", "--password-stdin"))
        .contains("password is not right", "--user NAME");
    assertThat(dave.failing(2, "login", url, "--user", "dave")).contains("--password-stdin");
    assertThat(dave.failing(2, "login", url, "--user", "dave", "--password-stdin"))
        .contains("standard input");
    assertThat(dave.failing(2, "login", "gate.example.com")).contains("https://");
    dave.input("x\n");
    assertThat(dave.failing(2, "login", "http://192.0.2.1:8022", "--password-stdin"))
        .contains("https://");
    int free = Ports.free();
    dave.input("x\n");
    assertThat(dave.failing(5, "login", "http://127.0.0.1:" + free, "--password-stdin"))
        .contains("127.0.0.1:" + free);
    dave.input("x\n");
    assertThat(dave.failing(5, "login", "http://127.0.0.1:" + sshd.port(), "--password-stdin"))
        .as("what listens there is an SSH server")
        .contains("no gateway answers");
    assertThat(home.resolve("ongsung/login.json")).doesNotExist();

    dave.input("right password 1\n");
    JsonNode told = dave.json("login", url, "--user", "dave", "--password-stdin");
    assertThat(new TreeSet<>(keys(told)))
        .isEqualTo(new TreeSet<>(List.of("address", "user", "expiresAt")));
    assertThat(Files.getPosixFilePermissions(home.resolve("ongsung/login.json"))).hasSize(2);
    dave.input("right password 1\nnext password 2\n");
    dave.typing("right password 1", "next password 2", "next password 2").done("passwd");
    assertThat(gate.logIn("dave", "next password 2")).isEqualTo(200);
    assertThat(dave.json("logout").path("address").asString("")).isEqualTo(url);
    cli.done("user", "delete", "dave");
  }

  @Test
  void noticesAndLinksAreWrittenShownAndDeleted() {
    gate.write("notice.md", "**Saturday** the switches are replaced.\n");
    cli.done("notice", "add", "works", "--title", "Works", "--text-file", "notice.md", "--sticky");
    assertThat(cli.done("notice", "list")).contains("works", "Works");
    cli.done("notice", "set", "works", "--until", "2030-01-01T00:00:00+09:00", "--no-sticky");
    JsonNode notice = cli.json("notice", "show", "works");
    assertThat(notice.path("text").asString("")).contains("**Saturday**");
    assertThat(notice.path("shownUntil").asString("")).isEqualTo("2029-12-31T15:00:00Z");
    assertThat(notice.path("sticky").asBoolean(true)).isFalse();
    cli.done("link", "add", "wiki", "--title", "Wiki", "--address", "https://wiki.example.com/");
    cli.done("link", "set", "wiki", "--rank", "7", "--remark", "how things are done");
    JsonNode link = cli.json("link", "list").path("links").get(0);
    assertThat(link.path("rank").asInt(0)).isEqualTo(7);
    assertThat(link.path("address").asString("")).isEqualTo("https://wiki.example.com/");
    assertThat(cli.failing(2, "link", "set", "wiki", "--address", "javascript:alert(1)"))
        .contains("address");
    cli.done("notice", "delete", "works");
    cli.done("link", "delete", "wiki");
    assertThat(cli.failing(4, "notice", "show", "works")).contains("works");
  }

  @Test
  void peopleManageTheirOwnKeys() {
    cli.input("the word of erin 1\n").done("user", "add", "erin", "--password-stdin");
    Path home = Folders.untilExit("ongsung-erin");
    Cli erin = new Cli(home).with("XDG_CONFIG_HOME", home.toString());
    erin.input("the word of erin 1\n");
    erin.done("login", "http://127.0.0.1:" + gate.httpPort(), "--user", "erin", "--password-stdin");
    assertThat(erin.done("key", "list")).contains("ongsung key add FILE");
    String file =
        gate.write("erin.pub", gate.key("erin", "ed25519").publicLine() + "\n").toString();
    erin.input("a wrong word 1\n");
    erin.failing(3, "key", "add", file, "--password-stdin");
    erin.input("the word of erin 1\n").done("key", "add", file, "--password-stdin");
    JsonNode keys = erin.json("key", "list").path("keys");
    assertThat(keys.size()).isEqualTo(1);
    assertThat(erin.done("key", "list")).contains("ssh-ed25519");
    String none = gate.write("none.pub", "# none\n").toString();
    assertThat(erin.failing(2, "key", "add", none)).contains("one public key");
    erin.done("key", "delete", keys.get(0).path("id").asString(""));
    assertThat(erin.json("key", "list").path("keys").size()).isZero();
    erin.failing(4, "key", "delete", keys.get(0).path("id").asString(""));
    cli.done("user", "delete", "erin");
  }

  @Test
  void peopleChooseTheirOwnLanguage() {
    cli.input("the word of fred 1\n").done("user", "add", "fred", "--password-stdin");
    Path home = Folders.untilExit("ongsung-fred");
    Cli fred = new Cli(home).with("XDG_CONFIG_HOME", home.toString());
    fred.input("the word of fred 1\n");
    fred.done("login", "http://127.0.0.1:" + gate.httpPort(), "--user", "fred", "--password-stdin");
    assertThat(fred.done("language")).isEqualTo("auto\n");
    fred.run("language", "ko").expectSuccess();
    assertThat(fred.json("language").path("language").asString("")).isEqualTo("ko");
    assertThat(cli.json("user", "show", "fred").path("language").asString("")).isEqualTo("ko");
    assertThat(fred.failing(2, "language", "fr")).contains("fr");
    assertThat(cli.failing(2, "user", "set", "fred", "--language", "fr")).contains("language");
    cli.done("user", "set", "fred", "--title", "Fred");
    assertThat(fred.done("language")).isEqualTo("ko\n");
    cli.done("user", "set", "fred", "--language", "auto");
    assertThat(fred.done("language")).isEqualTo("auto\n");
    assertThat(cli.failing(1, "language", "ko")).contains("owner of the data folder");
    cli.done("user", "delete", "fred");
  }

  @Test
  void howFarTheIndexOfTranscriptsLagsIsInTheStatusAndTheMetrics() {
    Deadlines.await(
        "the index is open",
        () -> gate.api("GET", "/api/v1/status", "").path("searchLinesBehind").asInt(-1) >= 0);
    assertThat(gate.metric("ongsung_search_behind_lines")).isNotNegative();
  }
}
