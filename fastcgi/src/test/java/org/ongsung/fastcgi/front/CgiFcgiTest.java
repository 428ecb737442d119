package org.ongsung.fastcgi.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Program;

/// The connector against `cgi-fcgi`, the client of the FastCGI development kit: it sends its
/// environment as parameters, asks for no kept connection, and pads.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CgiFcgiTest {
  private Application application;

  @BeforeAll
  void start() {
    application = new Application();
  }

  @AfterAll
  void stop() {
    application.close();
  }

  Stream<String> addresses() {
    return Stream.of(application.socket().toString(), "127.0.0.1:" + application.tcp().getPort());
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void showsARequest(String address) {
    CompletedProgram run = run(address, Map.of("REQUEST_URI", "/show?%ED%95%9C"), new byte[0]);
    assertThat(run.stdout())
        .startsWith("Status: 200 OK\r\n")
        .contains("\r\n\r\nmethod: GET\n")
        .contains("query: %ED%95%9C\n")
        .contains("client: unknown\n");
  }

  @Test
  void theCommandOfThePageShowsARequest() {
    String command =
        Fronts.documented("sh")
            .replace("/run/app/fcgi.sock", application.socket().toString())
            .replace("/health", "/show");
    assertThat(Program.of("bash", "-c", command).run().expectSuccess().stdout())
        .startsWith("Status: 200 OK\r\n");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void takesThePathOfScriptNameAndPathInfo(String address) {
    CompletedProgram run =
        run(
            address,
            Map.of("SCRIPT_NAME", "/app", "PATH_INFO", "/가 나/show", "QUERY_STRING", "a=1"),
            new byte[0]);
    assertThat(run.stdout()).contains("uri: http://localhost/app/%EA%B0%80%20%EB%82%98/show?a=1\n");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void sendsBodiesAndGetsLargeOnes(String address) {
    byte[] body = new byte[1 << 20];
    CompletedProgram up =
        run(
            address,
            Map.of(
                "REQUEST_METHOD", "POST",
                "REQUEST_URI", "/digest",
                "CONTENT_LENGTH", Integer.toString(body.length)),
            body);
    assertThat(up.stdout()).contains("\r\n\r\n" + body.length + " " + body.length + " ");
    CompletedProgram down = run(address, Map.of("REQUEST_URI", "/bytes?n=3000000"), new byte[0]);
    assertThat(down.stdout().getBytes(StandardCharsets.UTF_8).length).isGreaterThan(3_000_000);
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void headAndNoContentHaveNoBody(String address) {
    assertThat(
            run(
                    address,
                    Map.of("REQUEST_METHOD", "HEAD", "REQUEST_URI", "/bytes?n=9&length=1"),
                    new byte[0])
                .stdout())
        .contains("Content-Length: 9\r\n")
        .endsWith("\r\n\r\n");
    assertThat(run(address, Map.of("REQUEST_URI", "/status?code=204"), new byte[0]).stdout())
        .startsWith("Status: 204 No Content\r\n")
        .endsWith("\r\n\r\n");
  }

  private static CompletedProgram run(String address, Map<String, String> parameters, byte[] body) {
    Program program =
        Program.of("cgi-fcgi", "-bind", "-connect", address)
            .environment("REQUEST_METHOD", "GET")
            .input(body);
    for (Map.Entry<String, String> each : parameters.entrySet()) {
      program = program.environment(each.getKey(), each.getValue());
    }
    return program.run();
  }
}
