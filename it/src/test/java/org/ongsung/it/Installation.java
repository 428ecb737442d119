package org.ongsung.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.GatewayHostKeys;
import org.ongsung.testkit.OpenSshClient;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The product as an administrator runs it: `serve` in a process of its own on free loopback ports,
/// its command line for everything else, and people's keys.
///
/// A test class starts one and shares it among its tests; `close` ends the process and deletes the
/// folder.
final class Installation implements AutoCloseable {
  private final Path folder = Folders.temporary("ongsung-it");
  private final int sshPort = Ports.free();
  private final int httpPort = Ports.free();
  private final Path config = folder.resolve("ongsung.yaml");
  private final List<String> jvm = new ArrayList<>();
  private RunningProgram server;

  private Installation(List<String> configurationLines) {
    List<String> lines = new ArrayList<>();
    lines.add("data: data");
    lines.add("listen:");
    lines.add("  ssh: 127.0.0.1:" + sshPort);
    lines.add("  http: 127.0.0.1:" + httpPort);
    if (configurationLines.stream().noneMatch(line -> line.startsWith("  telnet:"))) {
      lines.add("  telnet: off"); // its default is one port for all that run at the same time
    }
    lines.addAll(configurationLines);
    write("ongsung.yaml", String.join("\n", lines) + "\n");
  }

  /// Starts one that has its host keys already; the lines are added to its configuration.
  static Installation start(String... configurationLines) {
    Installation installation = new Installation(List.of(configurationLines));
    try {
      GatewayHostKeys.into(Folders.make(installation.data()));
      installation.serve();
      return installation;
    } catch (RuntimeException | Error e) {
      installation.close();
      throw e;
    }
  }

  /// One that is not started yet.
  static Installation prepared(String... configurationLines) {
    return new Installation(List.of(configurationLines));
  }

  /// Adds an option of the Java machine for the next [#serve].
  Installation jvm(String option) {
    jvm.add(option);
    return this;
  }

  /// Starts the server, again after it has ended, and waits until both listeners answer.
  void serve() {
    server = program("serve").start();
    try {
      Ports.awaitListening(sshPort, Deadlines.SERVICE);
      Ports.awaitListening(httpPort, Deadlines.SERVICE);
      server.awaitOutput("console ", Deadlines.SERVICE); // its last word once all has started
    } catch (AssertionError e) {
      throw new AssertionError(server.stdout() + server.stderr(), e);
    }
  }

  /// Waits until transcripts can be searched: their index is opened after everything else.
  void awaitSearch() {
    Deadlines.await("the index is open", () -> Cli.of(this).run("search", "anything").exit() == 0);
  }

  /// The command line with this installation's configuration.
  Program program(String... arguments) {
    List<String> options = new ArrayList<>(jvm);
    options.add("-ea:org.ongsung...");
    List<String> command = new ArrayList<>(Product.starting(arguments[0], options));
    command.addAll(List.of(arguments));
    return Program.of(command)
        .environment("ONGSUNG_CONFIG", config.toString())
        .in(folder)
        .within(Deadlines.SERVICE);
  }

  /// Runs a command that must succeed, and gives what it printed.
  String ongsung(String... arguments) {
    return Cli.of(this).run(arguments).expectSuccess().stdout();
  }

  /// Runs a command that must succeed with `--output json`, and gives what it printed.
  JsonNode json(String... arguments) {
    return Cli.of(this).json(arguments);
  }

  /// Asks the API as the owner of the data folder; the answer must be a success.
  JsonNode api(String method, String pathAndQuery, String body) {
    String answer = asOwner(method, pathAndQuery, body);
    return JsonMapper.shared().readTree(answer.isEmpty() ? "null" : answer);
  }

  /// A page as the owner of the data folder sees it.
  String text(String pathAndQuery) {
    return asOwner("GET", pathAndQuery, "");
  }

  /// What the metrics say now of a name like `ongsung_sessions_live`.
  double metric(String name) {
    return asOwner("GET", "/metrics", "")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + name));
  }

  /// Asks the API as somebody who has logged in there; the answer must be a success.
  ///
  /// @param token as [#tokenOf] gave it
  JsonNode apiAs(String token, String method, String pathAndQuery, String body) {
    return JsonMapper.shared().readTree(asBearer(token, method, pathAndQuery, body));
  }

  private String asOwner(String method, String pathAndQuery, String body) {
    return asBearer(tokenLines().getFirst(), method, pathAndQuery, body);
  }

  private String asBearer(String token, String method, String pathAndQuery, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(tokenLines().get(1) + pathAndQuery))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .timeout(Deadlines.ACTION)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = send(request);
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(pathAndQuery + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  /// The status that a login with a name and password gets from the API.
  int logIn(String name, String password) {
    return loggingIn(name, password).statusCode();
  }

  /// The token of a login that must succeed.
  String tokenOf(String name, String password) {
    String answer = loggingIn(name, password).body();
    return JsonMapper.shared().readTree(answer).path("token").asString("");
  }

  private HttpResponse<String> loggingIn(String name, String password) {
    String body =
        JsonMapper.shared().writeValueAsString(Map.of("name", name, "password", password));
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/api/v1/login"))
            .header("Content-Type", "application/json")
            .timeout(Deadlines.ACTION)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while asking the API", e);
    }
  }

  /// The token of the data folder's owner, and the console's address for this machine.
  private List<String> tokenLines() {
    try {
      return Files.readAllLines(data().resolve("cli-token"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The sessions that the API lists for a query like `state=live`, newest first.
  List<JsonNode> sessions(String query) {
    return List.copyOf(
        api("GET", "/api/v1/sessions?" + query, "").path("sessions").valueStream().toList());
  }

  /// The newest session that the API lists for a query like `target=web-1`, once its end is
  /// written: its start was before the person saw anything of it, its end is a moment after the
  /// person was told.
  JsonNode awaitEnd(String query) {
    return Deadlines.awaitPresent(
        "the end of the newest session of " + query,
        () ->
            sessions(query).stream()
                .limit(1)
                .filter(session -> !session.path("state").asString("").equals("live"))
                .findFirst());
  }

  /// A job that was asked for, once it has ended.
  JsonNode awaitJob(String id) {
    return Deadlines.awaitPresent(
        "the end of job " + id,
        () ->
            Optional.of(api("GET", "/api/v1/jobs/" + id, ""))
                .filter(job -> !job.path("endedAt").isNull()));
  }

  /// The events that the API lists for a query like `code=login.failure`, newest first.
  List<JsonNode> ledger(String query) {
    return List.copyOf(
        api("GET", "/api/v1/ledger?" + query, "").path("entries").valueStream().toList());
  }

  /// Applies an access file.
  CompletedProgram apply(String yaml) {
    Path file = write("access.yaml", yaml);
    return Cli.of(this).run("apply", "-f", file.toString()).expectSuccess();
  }

  /// Writes a file of mode 0600 into the folder.
  Path write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A new key of OpenSSH's type name, for a person.
  SshKey key(String name, String type) {
    return SshKey.generate(folder.resolve(name), type, name);
  }

  /// OpenSSH's clients with a configuration of their own that knows the gateway and logs in by this
  /// key.
  OpenSshClient client(SshKey key, String... more) {
    OpenSshClient client = new OpenSshClient(Folders.untilExit("ongsung-client"));
    List<String> lines = new ArrayList<>(List.of(more));
    lines.add("Port " + sshPort);
    lines.add("IdentityFile " + key.privateKeyFile());
    return client.configure(lines.toArray(String[]::new)).trust(sshPort, hostKey());
  }

  /// The gateway's ed25519 host key line.
  String hostKey() {
    CompletedProgram scan =
        Program.of("ssh-keyscan", "-t", "ed25519", "-p", Integer.toString(sshPort), "127.0.0.1")
            .run()
            .expectSuccess();
    String line = scan.stdout().lines().filter(l -> !l.startsWith("#")).findFirst().orElseThrow();
    return line.substring(line.indexOf(' ') + 1);
  }

  /// The targets section of an access file for a real sshd whose one account is `worker`.
  static String target(String name, OpenSshServer sshd) {
    return """
          - name: %s
            protocol: ssh
            address: %s
            labels: {env: test}
            hostKeys: ["%s"]
            accounts:
              - name: worker
                login: %s
                privateKeyFile: %s
        """
        .formatted(
            name,
            sshd.address(),
            sshd.hostKey("ed25519"),
            sshd.user(),
            sshd.clientKey().privateKeyFile());
  }

  Path folder() {
    return folder;
  }

  Path data() {
    return folder.resolve("data");
  }

  /// Its configuration file.
  Path config() {
    return config;
  }

  int sshPort() {
    return sshPort;
  }

  int httpPort() {
    return httpPort;
  }

  RunningProgram server() {
    return server;
  }

  /// Ends the server's process and leaves its folder.
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  public void close() {
    stop();
    Folders.delete(folder);
  }
}
