package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.cli.ExitCode;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import tools.jackson.databind.JsonNode;

/// A worker elsewhere joins by HTTPS, with a certificate of an authority that Java does not know:
/// at the gateway's own listener, and at nginx before it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkersOverTlsTest {
  private final Path folder = Folders.temporary("ongsung-workers-tls");
  private final Path authority = folder.resolve("ca.pem");
  private final Path socket = folder.resolve("gate.sock");
  private final int https = Ports.free();
  private OpenSshServer sshd;
  private Installation gate;

  @BeforeAll
  void start() throws Exception {
    certificates();
    sshd = OpenSshServer.builder().start();
    gate =
        Installation.start(
            "  https: 127.0.0.1:" + https,
            "  fastcgi: unix:" + socket,
            "tls:",
            "  certificate: " + folder.resolve("tls.pem"),
            "  key: " + folder.resolve("tls.key"),
            "http: {trustedProxies: [127.0.0.1]}",
            // No job of a worker that has ended waits for this to be over within any deadline here.
            "jobs: {lease: 1h}");
    gate.apply("targets:\n" + reachedBy("far") + reachedBy("fallen"));
    tokenOf("far");
    tokenOf("fallen");
  }

  /// A target that has the name of its worker.
  private String reachedBy(String worker) {
    return Installation.target(worker, sshd).replace("env: test", "worker: " + worker);
  }

  private void tokenOf(String name) {
    String text =
        gate.api("POST", "/api/v1/workers", "{\"name\": \"" + name + "\"}")
            .path("token")
            .asString("");
    Path _ = gate.write(name + ".token", text + "\n");
  }

  @AfterAll
  void stop() {
    if (gate != null) {
      gate.close();
    }
    sshd.close();
    Folders.delete(folder);
  }

  /// An authority, and a certificate that it gave.
  private void certificates() throws Exception {
    Path key = folder.resolve("tls.key");
    openssl(authority, folder.resolve("ca.key"), "/CN=An authority of our own");
    openssl(
        folder.resolve("tls.pem"),
        key,
        "/CN=127.0.0.1",
        "-CA",
        authority.toString(),
        "-CAkey",
        folder.resolve("ca.key").toString(),
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-addext",
        "basicConstraints=critical,CA:FALSE");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
  }

  private static void openssl(Path certificate, Path key, String subject, String... more) {
    List<String> command =
        new ArrayList<>(List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"));
    command.addAll(List.of("ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", subject));
    command.addAll(List.of("-keyout", key.toString(), "-out", certificate.toString()));
    command.addAll(List.of(more));
    Program.of(command.toArray(String[]::new)).run().expectSuccess();
  }

  private Program worker(String name, String url, String... more) {
    List<String> command =
        new ArrayList<>(List.of("worker", "--join", url, "--token-file", name + ".token"));
    command.addAll(List.of(more));
    return gate.program(command.toArray(String[]::new));
  }

  private boolean hasEnded(String job) {
    return !gate.api("GET", "/api/v1/jobs/" + job, "").path("endedAt").isNull();
  }

  private RunningProgram start(String name, String url) {
    RunningProgram worker = worker(name, url, "--trust", authority.toString()).start();
    return worker.awaitOutput("worker " + name + " at " + url, Deadlines.SERVICE);
  }

  private void aJobIsDoneBy(String name, String url) {
    try (RunningProgram worker = start(name, url)) {
      String id =
          gate.api(
                  "POST",
                  "/api/v1/jobs",
                  "{\"kind\": \"probe\", \"parameters\": {\"target\": \"" + name + "\"}}")
              .path("id")
              .asString("");
      Deadlines.await("the end of the job", Deadlines.SERVICE, () -> hasEnded(id));
      JsonNode job = gate.awaitJob(id);
      assertThat(job.path("state").asString("")).as(job.toString()).isEqualTo("done");
      assertThat(job.path("worker").asString("")).isEqualTo(name);
      worker.signal("TERM");
      worker.await(Deadlines.SERVICE).expectSuccess();
    }
  }

  @Test
  void atTheGatewaysOwnTls() {
    aJobIsDoneBy("far", "https://127.0.0.1:" + https);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx/ongsung-http.conf", "nginx/ongsung-fastcgi.conf"})
  void throughNginx(String file) {
    try (DeployedFront front = DeployedFront.start(file, folder, socket, gate.httpPort())) {
      aJobIsDoneBy("far", front.url(""));
    }
  }

  /// By FastCGI the gateway hears at once that a question's asker is gone.
  @Test
  void aJobDoesNotGoToAWorkerThatWasKilled() {
    try (DeployedFront front =
        DeployedFront.start("nginx/ongsung-fastcgi.conf", folder, socket, gate.httpPort())) {
      String url = front.url("");
      try (RunningProgram worker = start("fallen", url)) {
        Deadlines.await("the worker's question", () -> hasAsked("fallen"));
        worker.signal("KILL");
      }
      aJobIsDoneBy("fallen", url);
    }
  }

  private boolean hasAsked(String name) {
    return gate.api("GET", "/api/v1/workers", "")
        .path("workers")
        .valueStream()
        .anyMatch(
            worker ->
                worker.path("name").asString("").equals(name) && !worker.path("seenAt").isNull());
  }

  @Test
  void anAuthorityThatNobodyNamedIsNotTrusted() {
    CompletedProgram refused = worker("far", "https://127.0.0.1:" + https).run();
    assertThat(refused.exit()).as(refused.toString()).isEqualTo(ExitCode.UNREACHABLE.status());
    assertThat(refused.stderr()).contains("no gateway answers at https://", "--trust");
  }

  @Test
  void aGatewayThatIsNotThereIsSaidToBeSo() {
    CompletedProgram refused = worker("far", "http://127.0.0.1:" + Ports.free()).run();
    assertThat(refused.exit()).as(refused.toString()).isEqualTo(ExitCode.UNREACHABLE.status());
    assertThat(refused.stderr()).contains("no gateway answers").doesNotContain("token");
  }

  @Test
  void aTokenThatIsNoWorkersIsSaidToBeSo() {
    Path _ = gate.write("nobody.token", "nobody\n");
    CompletedProgram refused = worker("nobody", "http://127.0.0.1:" + gate.httpPort()).run();
    assertThat(refused.exit()).as(refused.toString()).isEqualTo(ExitCode.DENIED.status());
    assertThat(refused.stderr()).contains("401", "ongsung job worker create");
  }

  @Test
  void aFileToTrustThatHoldsNoCertificateIsSaidToBeSo() {
    Path empty = gate.write("empty.pem", "");
    Path text = gate.write("text.pem", "-----BEGIN CERTIFICATE-----\nno\n");
    String url = "https://127.0.0.1:" + https;
    for (Path file : List.of(empty, text)) {
      CompletedProgram refused = worker("far", url, "--trust", file.toString()).run();
      assertThat(refused.exit()).as(refused.toString()).isEqualTo(ExitCode.USAGE.status());
      assertThat(refused.stderr()).contains(file + " holds no certificate");
      CompletedProgram doctor =
          gate.program("doctor", "--behind", url, "--trust", file.toString()).run();
      assertThat(doctor.stdout()).contains("holds no certificate");
    }
    CompletedProgram inKorean =
        Cli.of(gate)
            .with("LC_ALL", "ko_KR.UTF-8")
            .run("worker", "--join", url, "--token-file", "far.token", "--trust", "empty.pem");
    assertThat(inKorean.stderr()).contains(empty + " 파일에 인증서가 없습니다");
    assertThat(worker("far", url, "--trust", "gone.pem").run().stderr())
        .contains("gone.pem cannot be read");
  }
}
