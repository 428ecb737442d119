package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A walk over every command with `--output json`, in an order in which each finds what it is for.
/// Each must print one JSON document, or JSON lines where it says so, and nothing else; where no
/// gateway answers, nothing at all but its error. No secret is in any of it, but for the two
/// commands that make one.
final class EveryCommandAsJson {
  /// What runs until it is ended, or takes minutes: tests of their own read what these print.
  private static final Set<String> ELSEWHERE = Set.of("serve", "worker", "demo", "package");

  private static final Set<String> WITHOUT_A_GATEWAY = Set.of("version", "doctor", "restore");
  private static final Set<String> IN_LINES = Set.of("replay", "ledger export");
  private static final Set<String> TELLING_A_SECRET = Set.of("token create", "job worker create");
  private static final String PASSWORD = "the walk's word 1";
  private static final String HOOK_SECRET = "what the posts are signed with";
  private static final String NEXT_PASSWORD = "the walk's word 2";
  private static final String BLOCKED = "127.0.0.79";
  private static final String SINCE = "since=2026-01-01T00:00:00Z";
  private static final String UNTIL = "until=2030-01-01T00:00:00Z";
  private static final String WHERE = "bert+web-1@127.0.0.1";
  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Installation gate;
  private final OpenSshServer sshd;
  private final SshKey key;
  private final Cli cli;
  private final Cli nowhere = new Cli(Folders.untilExit("ongsung-nowhere"));
  private final Set<String> done = new TreeSet<>(ELSEWHERE);
  private final StringBuilder printed = new StringBuilder();
  private final List<String> secrets = new ArrayList<>();

  /// Of a gateway that has applied `access`, by which bert reaches web-1 with `key`.
  EveryCommandAsJson(Installation gate, OpenSshServer sshd, SshKey key, String access) {
    this.gate = gate;
    this.sshd = sshd;
    this.key = key;
    this.cli = Cli.of(gate);
    gate.write("walk.yaml", access);
  }

  /// The commands that were run, here or elsewhere.
  Set<String> done() {
    return done;
  }

  void run() throws IOException {
    secrets.addAll(List.of(PASSWORD, NEXT_PASSWORD, "$argon2", "PRIVATE KEY"));
    secrets.add(Files.readAllLines(gate.data().resolve("cli-token")).getFirst());
    entries();
    wholeDirectory();
    ownAccount();
    sessions();
    jobs();
    tokensAndBlocks();
    theMachine();
    for (String kind : List.of("link", "notice", "grant", "target", "group", "user")) {
      json(kind + " delete", "walk");
    }
    assertThat(printed.toString()).doesNotContain(secrets);
  }

  private void entries() {
    cli.input(PASSWORD + "\n");
    json("user add", "walk", "--title", "걷는 이", "--password-stdin");
    json("group add", "walk", "--title", "Walk");
    json("target add", "walk", "--address", sshd.address(), "--trust-on-first-use");
    String file = sshd.clientKey().privateKeyFile().toString();
    json("target set", "walk", "--account", "worker", "--private-key-file", file);
    json("grant add", "walk", "--user", "walk", "--target", "walk", "--as", "worker", "--may=exec");
    gate.write("walk.md", "**Saturday**\n");
    json("notice add", "walk", "--title", "Walk", "--text-file", "walk.md");
    json("link add", "walk", "--title", "Walk", "--address", "https://wiki.example.com/");
    for (String kind : List.of("user", "group", "target", "notice", "link")) {
      json(kind + " set", "walk", "--title", "Walked");
    }
    json("grant set", "walk", "--may", "exec,sftp");
    for (String kind : List.of("user", "group", "target", "grant", "notice", "link")) {
      assertThat(json(kind + " list").toString()).contains("\"walk\"");
      assertThat(json(kind + " show", "walk").path("name").asString("")).isEqualTo("walk");
    }
  }

  private void wholeDirectory() {
    json("apply", "-f", "walk.yaml", "--dry-run");
    json("export");
    gate.write("users.csv", cli.done("export", "--format", "users-csv"));
    json("import", "users.csv");
    json("reach", "--user", "walk");
  }

  private void ownAccount() {
    Path home = Folders.untilExit("ongsung-walk");
    Cli own = new Cli(home).with("XDG_CONFIG_HOME", home.toString());
    own.input(PASSWORD + "\n");
    String url = "http://127.0.0.1:" + gate.httpPort();
    json(own, "login", url, "--user", "walk", "--password-stdin");
    secrets.add(savedToken(home));
    String line = gate.key("walk", "ed25519").publicLine() + "\n";
    String file = gate.write("walk.pub", line).toString();
    own.input(PASSWORD + "\n");
    json(own, "key add", file, "--password-stdin");
    String id = json(own, "key list").path("keys").path(0).path("id").asString("");
    json(own, "key delete", id);
    own.input(PASSWORD + "\n" + NEXT_PASSWORD + "\n");
    json(own, "passwd", "--password-stdin");
    assertThat(json(own, "language", "ko").path("language").asString("")).isEqualTo("ko");
    json(own, "logout");
  }

  private static String savedToken(Path home) {
    try {
      String saved = Files.readString(home.resolve("ongsung/login.json"));
      return JsonMapper.shared().readTree(saved).path("token").asString("none is saved");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sessions() {
    gate.client(key).ssh(WHERE, "echo walked").run().expectSuccess();
    Deadlines.await(
        "the session has ended", () -> !gate.sessions("text=walked&state=ended").isEmpty());
    JsonNode sessions = json("session list", "--text", "walked").path("sessions");
    String id = id(sessions.path(0));
    json("session show", id);
    json("session hold", id, "--reason", "walk");
    json("session release", id, "--reason", "walked");
    json("replay", id);
    gate.awaitSearch();
    json("search", "walked");
    json("ledger list", "--session", id);
    json("ledger export", "--session", id);
    try (RunningProgram live = gate.client(key).ssh(WHERE, "echo walking; sleep 300").start()) {
      live.awaitOutput("walking", Deadlines.ACTION);
      JsonNode now = json("session list", "--text", "walking", "--state", "live");
      json("session terminate", id(now.path("sessions").path(0)), "--reason", "walk");
      live.await(Deadlines.ACTION);
    }
  }

  private void jobs() throws IOException {
    String probed = id(json("job run", "probe", "target=web-1", "--wait"));
    json("job show", probed);
    json("job log", probed);
    id(json("job rerun", probed));
    json("job list");
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      json("job cancel", waitingForAnAnswer(silent));
    }
    cli.done("target", "delete", "walk-silent");
    String report =
        id(json("job run", "report", "content=sessions", "form=csv", SINCE, UNTIL, "--wait"));
    json("job download", report, "walk-report.csv");
    json("job schedule set", "walk", "backup", "keep=3", "--cron", "0 3 * * *");
    json("job schedule list");
    json("job schedule delete", "walk");
    JsonNode worker = json("job worker create", "walk");
    secrets.add(worker.path("token").asString(""));
    json("job worker list");
    json("job worker revoke", id(worker));
    cli.input(HOOK_SECRET + "\n");
    assertThat(json("webhook secret", "--secret-stdin").path("set").asBoolean(false)).isTrue();
    secrets.add(HOOK_SECRET);
  }

  /// A probe of what takes connections and says nothing; until it is cancelled.
  private String waitingForAnAnswer(ServerSocket silent) {
    String address = "127.0.0.1:" + silent.getLocalPort();
    cli.done("target", "add", "walk-silent", "--address", address, "--trust-on-first-use");
    return id(json("job run", "probe", "target=walk-silent"));
  }

  private static String id(JsonNode answer) {
    assertThat(answer.path("id").asString("")).isNotEmpty();
    return answer.path("id").asString("");
  }

  private void tokensAndBlocks() {
    JsonNode token = json("token create", "--label", "walk");
    secrets.add(token.path("token").asString(""));
    json("token list");
    json("token revoke", id(token));
    for (int round = 0; round < 3 && !isBlocked(); round++) {
      failToLogIn();
    }
    assertThat(isBlocked()).isTrue();
    json("block release", BLOCKED);
  }

  private boolean isBlocked() {
    return json("block list").toString().contains('"' + BLOCKED + '"');
  }

  private void failToLogIn() {
    URI login = URI.create("http://127.0.0.1:" + gate.httpPort() + "/api/v1/login");
    HttpRequest wrong =
        HttpRequest.newBuilder(login)
            .header("Content-Type", "application/json")
            .timeout(Deadlines.SERVICE)
            .POST(BodyPublishers.ofString("{\"name\": \"mallory\", \"password\": \"wrong\"}"))
            .build();
    try (HttpClient stranger =
        HttpClient.newBuilder().localAddress(InetAddress.ofLiteral(BLOCKED)).build()) {
      List<CompletableFuture<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        answers.add(
            stranger.sendAsync(wrong, BodyHandlers.ofString()).thenApply(HttpResponse::statusCode));
      }
      answers.forEach(answer -> assertThat(answer.join()).isIn(401, 429));
    }
  }

  private void theMachine() {
    JsonNode backup = json("backup", "walk.tar.gz");
    Path elsewhere = Folders.untilExit("ongsung-restored");
    json(new Cli(elsewhere), "restore", backup.path("file").asString(""));
    json("doctor");
    json("version");
  }

  private JsonNode json(String command, String... arguments) {
    return json(cli, command, arguments);
  }

  private JsonNode json(Cli person, String command, String... arguments) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--output", "json"));
    String[] line = words.toArray(String[]::new);
    CompletedProgram ended = person.run(line).expectSuccess();
    assertThat(ended.stderr()).as(command).isEmpty();
    if (!TELLING_A_SECRET.contains(command)) {
      printed.append(ended.stdout());
    }
    done.add(command);
    if (!WITHOUT_A_GATEWAY.contains(command)) {
      failsInWords(line);
    }
    return read(command, ended.stdout());
  }

  private static JsonNode read(String command, String text) {
    if (!IN_LINES.contains(command)) {
      JsonNode tree = STRICT.readTree(text);
      assertThat(tree.isContainer()).as(command + " prints " + text).isTrue();
      return tree;
    }
    List<JsonNode> lines = text.lines().map(STRICT::readTree).toList();
    assertThat(lines).as(command).isNotEmpty().allMatch(JsonNode::isContainer);
    return lines.getFirst();
  }

  /// A program that reads standard output must not find half an answer there.
  private void failsInWords(String... line) {
    CompletedProgram failed = nowhere.run(line);
    assertThat(failed.exit()).as(failed.toString()).isNotZero();
    assertThat(failed.stdout()).as(failed.toString()).isEmpty();
    assertThat(failed.stderr()).startsWith("ongsung: ").doesNotContain("Exception");
  }
}
