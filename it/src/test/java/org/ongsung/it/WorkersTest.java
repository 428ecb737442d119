package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CuttableProxy;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.TemporaryPostgres;
import tools.jackson.databind.JsonNode;

/// Workers in processes of their own, with a gateway on PostgreSQL.
class WorkersTest {
  private static final String PASSWORD = "correct horse battery";

  private static OpenSshServer sshd;
  private static Installation gate;
  private static Path token;

  @BeforeAll
  static void start() {
    sshd = OpenSshServer.builder().start();
    TemporaryPostgres.Database database = TemporaryPostgres.shared().newDatabase();
    gate =
        Installation.prepared(
            "jobs:",
            "  lease: 10s",
            "database:",
            "  url: " + database.url(),
            "  user: " + database.user(),
            "  passwordFile: database-password",
            "  connections: 4");
    gate.write("database-password", database.password() + "\n");
    gate.serve();
    String text =
        gate.api("POST", "/api/v1/workers", "{\"name\": \"far\"}").path("token").asString("");
    token = gate.write("far.token", text + "\n");
  }

  @AfterAll
  static void stop() {
    gate.close();
    sshd.close();
  }

  private static RunningProgram worker() {
    return workerBy(gate.httpPort());
  }

  private static RunningProgram workerBy(int port) {
    RunningProgram worker =
        gate.program(
                "worker",
                "--join",
                "http://127.0.0.1:" + port,
                "--token-file",
                token.toString(),
                "--slots",
                "1")
            .start();
    worker.awaitOutput("worker far at", Deadlines.SERVICE);
    return worker;
  }

  private static void apply(int silentPort) {
    gate.apply(
        """
        targets:
        %s
          - name: silent
            protocol: ssh
            address: 127.0.0.1:%d
            labels: {worker: far}
            hostKeys: trust-on-first-use
            accounts:
              - name: worker
                password: {plain: "of no use"}
        users:
          - name: alice
            roles: [user]
            password: {plain: "%s"}
        grants:
          - name: alice-on-all
            who: {users: [alice]}
            where: {targets: [silent]}
            as: [worker]
            may: [shell]
        """
            .formatted(
                Installation.target("web-1", sshd).replace("env: test", "worker: far"),
                silentPort,
                PASSWORD));
  }

  private static String probe(String target) {
    return gate.api(
            "POST",
            "/api/v1/jobs",
            "{\"kind\": \"probe\", \"parameters\": {\"target\": \"" + target + "\"}}")
        .path("id")
        .asString("");
  }

  /// A kind that is done at most once.
  private static String connection(String target) {
    return gate.apiAs(
            gate.tokenOf("alice", PASSWORD),
            "POST",
            "/api/v1/me/connections",
            "{\"target\": \"" + target + "\", \"account\": \"worker\"}")
        .path("id")
        .asString("");
  }

  private static void awaitRunning(String id) {
    Deadlines.await(
        "job " + id + " runs", () -> job(id).path("state").asString("").equals("running"));
  }

  /// Takes connections and says nothing.
  private static ServerSocket silent() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private static double lost() {
    return gate.metric("ongsung_jobs_lost_total");
  }

  private static JsonNode job(String id) {
    return gate.api("GET", "/api/v1/jobs/" + id, "");
  }

  private static JsonNode ended(String id) {
    return gate.awaitJob(id);
  }

  @Test
  void theJobsOfAWorkerThatIsKilledAreRunToAnEndByTheOther() throws Exception {
    List<String> jobs = new ArrayList<>();
    try (ServerSocket silent = silent();
        RunningProgram first = worker();
        RunningProgram second = worker()) {
      apply(silent.getLocalPort());
      jobs.add(probe("silent"));
      jobs.add(probe("silent"));
      jobs.forEach(WorkersTest::awaitRunning);
      double lostBefore = lost();
      first.signal("KILL");
      silent.close();
      int attempts = 0;
      for (String id : jobs) {
        JsonNode job = ended(id);
        assertThat(job.path("state").asString("")).isEqualTo("done");
        assertThat(job.path("worker").asString("")).isEqualTo("far");
        attempts += job.path("attempt").asInt(0);
      }
      assertThat(attempts).as("one ran twice, the other once").isEqualTo(3);
      assertThat(lost()).isEqualTo(lostBefore + 1);

      JsonNode healthy = ended(probe("web-1"));
      assertThat(healthy.path("result").path("hostKey").asString("")).isEqualTo("matches");
      goesOnAfterTheGatewayWasAway(second);
    }
  }

  @Test
  void aJobThatMayNotBeRepeatedEndsInErrorWithTheWorkerThatIsKilled() throws Exception {
    try (ServerSocket silent = silent();
        RunningProgram first = worker()) {
      apply(silent.getLocalPort());
      double lostBefore = lost();
      String id = connection("silent");
      awaitRunning(id);
      first.signal("KILL");
      try (RunningProgram second = worker()) {
        JsonNode job = ended(id);
        assertThat(job.path("state").asString("")).isEqualTo("error");
        assertThat(job.path("attempt").asInt(0)).isEqualTo(1);
        assertThat(job.path("summary").asString("")).isEqualTo("worker far was lost");
        assertThat(lost()).isEqualTo(lostBefore + 1);
        assertThat(second.alive()).isTrue();
      }
    }
  }

  @Test
  void aJobGoesOnThoughTheConnectionOfItsWorkerBreaksAndIsDoneOnce() throws Exception {
    try (CuttableProxy between = CuttableProxy.start(gate.httpPort());
        ServerSocket silent = silent();
        RunningProgram worker = workerBy(between.port())) {
      apply(silent.getLocalPort());
      String id = probe("silent");
      awaitRunning(id);
      double lostBefore = lost();
      for (int cut = 0; cut < 3; cut++) {
        long before = between.passed();
        Deadlines.await("the worker says that it goes on", () -> between.passed() > before);
        between.cut();
      }
      silent.close();
      JsonNode job = ended(id);
      assertThat(job.path("state").asString("")).isEqualTo("done");
      assertThat(job.path("attempt").asInt(0)).isEqualTo(1);
      assertThat(lost()).isEqualTo(lostBefore);
      assertThat(worker.alive()).isTrue();
    }
  }

  private static void goesOnAfterTheGatewayWasAway(RunningProgram worker) {
    gate.server().signal("KILL");
    gate.stop();
    gate.serve();
    JsonNode job = ended(probe("web-1"));
    assertThat(job.path("state").asString("")).isEqualTo("done");
    assertThat(job.path("worker").asString("")).isEqualTo("far");
    worker.signal("TERM");
    worker.await(Deadlines.SERVICE).expectSuccess();
  }
}
