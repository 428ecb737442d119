package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.ongsung.fastcgi.client.FastCgiClient;
import org.ongsung.fastcgi.client.FastCgiClient.Limits;
import org.ongsung.fastcgi.client.FastCgiRequest;
import org.ongsung.fastcgi.client.FastCgiResponse;
import org.ongsung.testkit.Ports;

/// A browser's address that came by FastCGI: believed from a front server, and never enough for
/// what is for this machine alone.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardedAddressRegressionTest {
  private final int port = Ports.free();
  private final FastCgiClient front = client();
  private Installation ongsung;

  private FastCgiClient client() {
    return new FastCgiClient(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Limits.standard());
  }

  @BeforeAll
  void start() {
    ongsung = Installation.start("  fastcgi: 127.0.0.1:" + port);
  }

  @AfterAll
  void stop() {
    front.close();
    if (ongsung != null) {
      ongsung.close();
    }
  }

  @Test
  void theBrowsersAddressIsWrittenDown() throws Exception {
    String login = "{\"name\":\"nobody\",\"password\":\"wrong wrong wrong\"}";
    FastCgiRequest request =
        FastCgiRequest.of("POST", "/api/v1/login")
            .header("Host", "gate.example.com")
            .header("Content-Type", "application/json")
            .parameter("REMOTE_ADDR", "192.0.2.7")
            .body(login.getBytes(StandardCharsets.UTF_8));
    assertThat(status(request)).isEqualTo(401);
    assertThat(ongsung.ledger("code=login.failure").getFirst().toString()).contains("192.0.2.7");
  }

  @Test
  void aLoopbackAddressThatIsOnlySaidOpensNothing() throws Exception {
    FastCgiRequest request =
        FastCgiRequest.of("GET", "/metrics")
            .header("Host", "localhost")
            .parameter("REMOTE_ADDR", "127.0.0.1");
    assertThat(status(request)).isEqualTo(401);
  }

  @Test
  void aMissingAddressIsNotTheFrontServersOwn() throws Exception {
    FastCgiRequest request = FastCgiRequest.of("GET", "/login").header("Host", "localhost");
    assertThat(status(request)).isEqualTo(400);
  }

  @Test
  void onlyConfiguredFrontServersMayConnect() {
    int other = Ports.free();
    try (Installation guarded =
            Installation.start(
                "  fastcgi: 127.0.0.1:" + other, "http:", "  trustedProxies: [192.0.2.0/24]");
        FastCgiClient stranger =
            new FastCgiClient(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), other),
                Limits.standard())) {
      assertThatThrownBy(() -> stranger.send(FastCgiRequest.of("GET", "/login")))
          .isInstanceOf(IOException.class);
      assertThat(guarded.server().alive()).isTrue();
    }
  }

  private int status(FastCgiRequest request) throws IOException {
    try (FastCgiResponse response = front.send(request)) {
      return response.status();
    }
  }
}
