package org.ongsung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.cli.client.LocalGateway;

/// What a command says and how it ends when the gateway will not do what was asked.
class RefusalTest {
  private static final String LOG = "gateway's log";

  @TempDir Path folder;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private HttpServer gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
  }

  private int searchAnswered(int status, String error) throws IOException {
    byte[] body = ("{\"error\":" + error + "}").getBytes(StandardCharsets.UTF_8);
    gateway.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    Path token = Files.writeString(folder.resolve("token"), "anything");
    LocalGateway.Place place =
        new LocalGateway.Place(
            URI.create("http://127.0.0.1:" + gateway.getAddress().getPort()), token);
    Surroundings surroundings =
        new Surroundings(
            InputStream.nullInputStream(),
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("LANG", "en_US.UTF-8"),
            folder,
            folder,
            () -> false,
            _ -> Optional.empty(),
            Clock.systemUTC());
    return Commands.assemble(Commands.roster(), surroundings, _ -> place, "search")
        .execute("search", "anything");
  }

  private String told() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aFaultSendsToTheLogWhereItsNumberStands() throws IOException {
    assertThat(searchAnswered(500, "{\"code\":\"fault\",\"message\":\"no\",\"id\":\"7f3a\"}"))
        .isEqualTo(ExitCode.FAILED.status());
    assertThat(told()).contains("7f3a", "log has the cause");
  }

  @Test
  void whatIsBusyIsTriedAgainAndTheLogIsNotSaidToHaveTheCause() throws IOException {
    assertThat(
            searchAnswered(
                503, "{\"code\":\"search-busy\",\"message\":\"being opened\",\"id\":\"7f3b\"}"))
        .isEqualTo(ExitCode.FAILED.status());
    assertThat(told()).contains("Try again").doesNotContain("has the cause").contains(LOG);
  }

  @Test
  void whoMayNotAndWhatIsNotThereEndWithStatusesOfTheirOwn() throws IOException {
    assertThat(searchAnswered(403, "{\"code\":\"denied\",\"message\":\"no\"}"))
        .isEqualTo(ExitCode.DENIED.status());
    assertThat(told()).doesNotContain(LOG);
  }

  @Test
  void anAnswerThatIsNoneOfAGatewayIsToldAsItsStatus() throws IOException {
    assertThat(searchAnswered(502, "{<html>")).isEqualTo(ExitCode.FAILED.status());
    assertThat(told()).contains("HTTP status 502");
  }
}
