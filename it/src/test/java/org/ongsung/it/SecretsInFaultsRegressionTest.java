package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.SshKey;
import org.ongsung.testkit.TemporaryPostgres;

/// Secrets are nowhere in the clear, whatever goes wrong: a product that logs all it can is given
/// passwords, a key and tokens that are known, then targets that fail, requests that are broken and
/// a database that goes away; afterwards everything that it wrote is searched for them.
class SecretsInFaultsRegressionTest {
  private static final String USER_PASSWORD = "Mark-user-7f3ad1";
  private static final String WRONG_PASSWORD = "Mark-wrong-55d09c";
  private static final String ACCOUNT_PASSWORD = "Mark-account-91bc24";

  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final StringBuilder told = new StringBuilder();

  @Test
  void noFaultShowsASecret() throws Exception {
    try (TemporaryPostgres postgres = TemporaryPostgres.start(false);
        OpenSshServer sshd = OpenSshServer.builder().start();
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      TemporaryPostgres.Database database = postgres.newDatabase();
      try (Installation gate =
          Installation.prepared(
              "log: {level: debug}",
              "database:",
              "  url: " + database.url(),
              "  user: " + database.user(),
              "  passwordFile: database-password")) {
        gate.write("database-password", database.password() + "\n");
        gate.serve();
        hangUpOnEveryone(silent);
        given(gate, sshd, silent, database.password());
        brokenRequests(gate);
        failingTargets(gate);
        Path backup = gate.folder().resolve("backup.tar.gz");
        keep(Cli.of(gate).run("backup", backup.toString()).expectSuccess());
        postgres.stopServer();
        withoutADatabase(gate);
        postgres.startServer();
        Deadlines.await(
            "the gateway is back", () -> Cli.of(gate).run("status-of-nothing").exit() == 2);
        gate.server().signal("TERM");
        CompletedProgram server = gate.server().await(Deadlines.SERVICE);
        keep(server);
        assertThat(server.stderr()).as("it did log").contains("DEBUG");
        search(gate, backup);
      }
    }
  }

  private void keep(CompletedProgram done) {
    told.append(done).append('\n');
  }

  private static void hangUpOnEveryone(ServerSocket listener) {
    Thread.startVirtualThread(
        () -> {
          while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
              socket
                  .getOutputStream()
                  .write("SSH-2.0-Broken\r\n\0\0\0".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
              return; // the test is over
            }
          }
        });
  }

  private void given(
      Installation gate, OpenSshServer sshd, ServerSocket silent, String databasePassword)
      throws IOException {
    SshKey unknown = gate.key("unknown", "ed25519");
    secrets.put("password of a user", USER_PASSWORD);
    secrets.put("password that is wrong", WRONG_PASSWORD);
    secrets.put("password of an account", ACCOUNT_PASSWORD);
    secrets.put("password of the database", databasePassword);
    secrets.put("private key", unknown.privateKeyText().lines().skip(2).findFirst().orElseThrow());
    secrets.put(
        "token of this machine", Files.readAllLines(gate.data().resolve("cli-token")).getFirst());
    Cli cli = Cli.of(gate);
    secrets.put(
        "token of a program",
        cli.json("token", "create", "--label", "t").path("token").asString(""));
    gate.write(
        "access.yaml",
        """
        users:
          - name: alice
            roles: [user]
            password: {plain: "%s"}
        targets:
          - name: refuses-password
            protocol: ssh
            address: %s
            hostKeys: trust-on-first-use
            accounts: [{name: worker, password: {plain: "%s"}}]
          - name: refuses-key
            protocol: ssh
            address: %s
            hostKeys: trust-on-first-use
            accounts: [{name: worker, privateKeyFile: unknown}]
          - name: hangs-up
            protocol: ssh
            address: 127.0.0.1:%d
            hostKeys: trust-on-first-use
            accounts: [{name: worker, password: {plain: "%s"}}]
        grants:
          - name: all
            who: {users: [alice]}
            where: {targets: [refuses-password, refuses-key, hangs-up]}
            as: [worker]
            may: [exec]
        """
            .formatted(
                USER_PASSWORD,
                sshd.address(),
                ACCOUNT_PASSWORD,
                sshd.address(),
                silent.getLocalPort(),
                ACCOUNT_PASSWORD));
    keep(cli.run("apply", "-f", "access.yaml").expectSuccess());
    keep(cli.run("export").expectSuccess());
  }

  /// Secrets where they do not belong, in files and requests that cannot be read.
  private void brokenRequests(Installation gate) throws Exception {
    Cli cli = Cli.of(gate);
    for (String user :
        new String[] {
          "{name: x, password: " + USER_PASSWORD + "}",
          "{name: x, password: [" + USER_PASSWORD + "]}",
          "{name: x, password: {plane: " + USER_PASSWORD + "}}",
          "{name: x, password: {argon2id: " + USER_PASSWORD + "}}",
          "{name: x, roles: [king], password: {plain: " + USER_PASSWORD + "}}",
          "{name: x, password: {plain: \"" + USER_PASSWORD + "}",
          "{name: x, password: {plain: " + USER_PASSWORD + ", plain: " + USER_PASSWORD + "}}",
        }) {
      gate.write("bad.yaml", "users:\n  - " + user + "\n");
      keep(cli.run("apply", "-f", "bad.yaml").expectExit(2));
    }
    gate.write("bad-key", "-----BEGIN OPENSSH PRIVATE KEY-----\n" + secrets.get("private key"));
    keep(
        cli.run(
            "target",
            "set",
            "refuses-key",
            "--account",
            "worker",
            "--private-key-file",
            "bad-key"));
    for (String body :
        new String[] {
          "{\"name\":\"alice\",\"password\":\"" + WRONG_PASSWORD + "\"}",
          "{\"name\":\"alice\",\"password\":\"" + WRONG_PASSWORD,
          "{\"name\":\"alice\",\"password\":{\"" + WRONG_PASSWORD + "\":1}}",
          "{\"name\":\"alice\",\"" + WRONG_PASSWORD + "\":1}",
          "\"" + WRONG_PASSWORD + "\"",
        }) {
      post(gate, "/api/v1/login", body);
      post(gate, "/api/v1/users", body);
      post(gate, "/api/v1/apply", body);
    }
  }

  private void post(Installation gate, String path, String body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gate.httpPort() + path))
                  .header("Content-Type", "application/json")
                  .header("Authorization", "Bearer " + secrets.get("token of a program"))
                  .timeout(Deadlines.ACTION)
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isBetween(400, 599);
      told.append(answer.body()).append('\n');
    }
  }

  private void failingTargets(Installation gate) {
    for (String target : new String[] {"refuses-password", "refuses-key", "hangs-up"}) {
      keep(login(gate, target, USER_PASSWORD).expectExit(255));
    }
    keep(login(gate, "hangs-up", WRONG_PASSWORD));
    Cli cli = Cli.of(gate);
    keep(cli.run("session", "list").expectSuccess());
    keep(cli.run("session", "show", "last", "--output", "json").expectSuccess());
    keep(cli.run("ledger", "export").expectSuccess());
    keep(cli.run("token", "list", "--output", "json").expectSuccess());
  }

  private static CompletedProgram login(Installation gate, String target, String password) {
    return Program.of("sshpass", "-e", "ssh", "-F", "/dev/null")
        .and("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null")
        .and("-o", "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=1")
        .and("-p", Integer.toString(gate.sshPort()), "alice+" + target + "@127.0.0.1", "true")
        .environment("SSHPASS", password)
        .within(Deadlines.SERVICE)
        .run();
  }

  private void withoutADatabase(Installation gate) throws Exception {
    Cli cli = Cli.of(gate);
    keep(cli.input(USER_PASSWORD + "\n").run("user", "set", "alice", "--password-stdin"));
    keep(
        cli.input(ACCOUNT_PASSWORD + "\n")
            .run("target", "set", "hangs-up", "--account", "worker", "--password-stdin"));
    keep(login(gate, "hangs-up", USER_PASSWORD));
    post(gate, "/api/v1/login", "{\"name\":\"alice\",\"password\":\"" + USER_PASSWORD + "\"}");
    keep(cli.run("doctor"));
  }

  private void search(Installation gate, Path backup) throws IOException {
    assertThat(told.toString()).contains("refuses-password", "is not right");
    search("what was told", told.toString());
    Path unpacked = Files.createDirectory(gate.folder().resolve("unpacked"));
    Program.of("tar", "-xzf", backup.toString()).in(unpacked).run().expectSuccess();
    searchFiles(gate.data());
    searchFiles(unpacked);
  }

  private void searchFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        search(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
  }

  private void search(String where, String text) {
    secrets.forEach(
        (what, secret) ->
            assertThat(text.contains(secret)).as("the %s in %s", what, where).isFalse());
  }
}
