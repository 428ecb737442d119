package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.Ports;
import tools.jackson.databind.JsonNode;

/// A job that posts to an address of its own gateway does so in process: by no address that has to
/// be looked up, no certificate that has to be trusted and no door.
class OwnAddressesTest {
  private final Path folder = Folders.temporary("ongsung-own");

  @AfterEach
  void tidyUp() {
    Folders.delete(folder);
  }

  /// What became of a post to `webhook`, which says of a console that there is no name in it.
  private static void assertTakenInProcess(Installation gate) {
    gate.write("hook.secret", "a secret of the hook\n");
    gate.serve();
    String id =
        gate.api(
                "POST",
                "/api/v1/jobs",
                "{\"kind\": \"notify\", \"parameters\": {\"channel\": \"webhook\", \"title\":"
                    + " \"to myself\", \"text\": \"x\"}}")
            .path("id")
            .asString("");
    Deadlines.await("it was tried", () -> !summary(gate, id).isEmpty());
    assertThat(summary(gate, id)).isEqualTo("not told: HTTP status 400");
  }

  private static String summary(Installation gate, String id) {
    JsonNode job = gate.api("GET", "/api/v1/jobs/" + id, "");
    return job.path("summary").asString("");
  }

  @Test
  void byTheNameThatPeopleUse() {
    try (Installation gate =
        Installation.prepared(
            "public:",
            "  url: https://gate.invalid/ongsung",
            "notify:",
            "  webhook: https://GATE.invalid:443/ongsung/api/v1/login",
            "  webhookSecretFile: hook.secret")) {
      assertTakenInProcess(gate);
    }
  }

  @Test
  void byTlsOfItsOwn() {
    DeployedFront.certificates(folder);
    int port = Ports.free();
    try (Installation gate =
        Installation.prepared(
            "  https: 127.0.0.1:" + port,
            "tls:",
            "  certificate: " + folder.resolve("tls.pem"),
            "  key: " + folder.resolve("tls.key"),
            "notify:",
            "  webhook: https://127.0.0.1:" + port + "/api/v1/login",
            "  webhookSecretFile: hook.secret")) {
      assertTakenInProcess(gate);
    }
  }
}
