package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.TemporaryPostgres;
import tools.jackson.databind.JsonNode;

/// Workers in processes of their own, with a gateway on PostgreSQL.
class WorkersTest {
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
            "  lease: 3s",
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
    RunningProgram worker =
        gate.program(
                "worker",
                "--join",
                "http://127.0.0.1:" + gate.httpPort(),
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
        """
            .formatted(
                Installation.target("web-1", sshd).replace("env: test", "worker: far"),
                silentPort));
  }

  private static String probe(String target) {
    return gate.api(
            "POST",
            "/api/v1/jobs",
            "{\"kind\": \"probe\", \"parameters\": {\"target\": \"" + target + "\"}}")
        .path("id")
        .asString("");
  }

  private static JsonNode job(String id) {
    return gate.api("GET", "/api/v1/jobs/" + id, "");
  }

  private static JsonNode ended(String id) {
    Deadlines.await("job " + id + " has ended", () -> !job(id).path("endedAt").isNull());
    return job(id);
  }

  @Test
  void theJobsOfAWorkerThatIsKilledAreRunToAnEndByTheOther() throws Exception {
    List<String> jobs = new ArrayList<>();
    try (ServerSocket silent = new ServerSocket(0);
        RunningProgram first = worker();
        RunningProgram second = worker()) {
      apply(silent.getLocalPort());
      jobs.add(probe("silent"));
      jobs.add(probe("silent"));
      for (String id : jobs) {
        Deadlines.await("both run", () -> job(id).path("state").asString("").equals("running"));
      }
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
      assertThat(gate.metric("ongsung_jobs_lost_total")).isEqualTo(1);

      JsonNode healthy = ended(probe("web-1"));
      assertThat(healthy.path("result").path("hostKey").asString("")).isEqualTo("matches");
      goesOnAfterTheGatewayWasAway(second);
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
