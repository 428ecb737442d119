package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.testkit.ApacheServer;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.FrontServer;
import org.ongsung.testkit.LighttpdServer;
import org.ongsung.testkit.NginxServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `doctor --behind` finds nothing wrong in what is shipped, and names what is wrong elsewhere with
/// the line that mends it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
class DoctorBehindTest {
  private final Path folder = Folders.temporary("ongsung-behind");
  private Installation ongsung;
  private Installation underAPath;

  @BeforeAll
  void start() {
    DeployedFront.certificates(folder);
    ongsung =
        Installation.start(
            "  fastcgi: unix:" + folder.resolve("root.sock"),
            "http: {trustedProxies: [127.0.0.1]}");
    underAPath =
        Installation.start(
            "  fastcgi: unix:" + folder.resolve("path.sock"),
            "http: {trustedProxies: [127.0.0.1]}",
            "public: {url: 'https://127.0.0.1/ongsung'}");
  }

  @AfterAll
  void stop() {
    for (Installation each : new Installation[] {ongsung, underAPath}) {
      if (each != null) {
        each.close();
      }
    }
    Folders.delete(folder);
  }

  private CompletedProgram ask(String url) {
    return ask(ongsung, url);
  }

  private CompletedProgram ask(Installation gateway, String url) {
    return gateway
        .program("doctor", "--behind", url, "--trust", folder.resolve("tls.pem").toString())
        .and("--output", "json")
        .run();
  }

  /// What is wrong, each as `about: message; advice`.
  private static List<String> wrong(CompletedProgram done) {
    JsonNode findings = JsonMapper.shared().readTree(done.stdout());
    assertThat(findings.isArray()).as(done.toString()).isTrue();
    return findings
        .valueStream()
        .filter(f -> !f.path("state").asString("").equals("OK"))
        .map(
            f ->
                f.path("about").asString("")
                    + ": "
                    + f.path("message").asString("")
                    + "; "
                    + f.path("advice").asString(""))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx/ongsung-http.conf",
        "apache/ongsung-fastcgi.conf",
        "lighttpd/ongsung-http.conf"
      })
  void nothingIsWrongWithWhatIsShipped(String file) {
    allIsWell(file);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx/ongsung-fastcgi.conf",
        "apache/ongsung-http.conf",
        "lighttpd/ongsung-fastcgi.conf"
      })
  void norWithTheRestOfIt(String file) {
    allIsWell(file);
  }

  private void allIsWell(String file) {
    try (DeployedFront front =
        DeployedFront.start(file, folder, folder.resolve("root.sock"), ongsung.httpPort())) {
      String pem = folder.resolve("tls.pem").toString();
      assertThat(
              ongsung
                  .program("doctor", "--behind", front.url("/"), "--trust", pem)
                  .run()
                  .expectSuccess()
                  .stdout())
          .contains("uploads");
      CompletedProgram done = ask(front.url("/"));
      assertThat(wrong(done)).as(done + front.log()).isEmpty();
      assertThat(done.exit()).isZero();
    }
  }

  private List<String> wrongBehind(FrontServer front) {
    return wrongBehind(front, ongsung, "http", "");
  }

  private List<String> wrongBehind(
      FrontServer front, Installation gateway, String scheme, String path) {
    try (front) {
      front.start();
      CompletedProgram done = ask(gateway, scheme + "://127.0.0.1:" + front.port() + path);
      assertThat(done.exit()).isEqualTo(1);
      return wrong(done);
    }
  }

  private static void assertTold(List<String> wrong, String about, String line) {
    assertThat(wrong)
        .anySatisfy(finding -> assertThat(finding).startsWith(about + ": ").contains(line));
  }

  @Test
  void anNginxAsItComesIsFullOfFaults() {
    List<String> wrong =
        wrongBehind(
            NginxServer.around(
                """
                server {
                  listen 127.0.0.1:@PORT@;
                  location / {
                    proxy_pass http://127.0.0.1:%d;
                    proxy_ignore_headers X-Accel-Buffering;
                  }
                }
                """
                    .formatted(ongsung.httpPort())));
    assertThat(wrong)
        .anySatisfy(f -> assertThat(f).startsWith("address: ").contains("X-Forwarded-For"));
    assertThat(wrong)
        .anySatisfy(f -> assertThat(f).startsWith("host: ").contains("Host $http_host"));
    assertThat(wrong)
        .anySatisfy(f -> assertThat(f).startsWith("headers: ").contains("proxy_buffer_size 64k"));
    assertThat(wrong)
        .anySatisfy(f -> assertThat(f).startsWith("uploads: ").contains("client_max_body_size"));
    assertThat(wrong)
        .anySatisfy(f -> assertThat(f).startsWith("events: ").contains("proxy_buffering off"));
    assertThat(wrong) // it keeps the Upgrade field to itself
        .anySatisfy(
            f -> assertThat(f).startsWith("sockets: ").contains("proxy_set_header Upgrade"));
  }

  @Test
  void anNginxThatBelievesBrowsersIsTold() {
    List<String> wrong =
        wrongBehind(
            NginxServer.around(
                """
                server {
                  listen 127.0.0.1:@PORT@;
                  location / {
                    proxy_pass http://127.0.0.1:%d;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Forwarded-For $http_x_forwarded_for;
                  }
                }
                """
                    .formatted(ongsung.httpPort())));
    assertThat(wrong)
        .anySatisfy(f -> assertThat(f).startsWith("address: ").contains("$remote_addr"));
  }

  @Test
  void anApacheWithTooFewWorkersThatHoldsEventsBackIsTold() {
    ApacheServer apache =
        ApacheServer.around(
            """
            ProxyPass / "unix:%s|fcgi://ongsung/"
            """
                .formatted(folder.resolve("root.sock")));
    apache
        .replacing("MaxRequestWorkers 256", "MaxRequestWorkers 25")
        .replacing("ThreadsPerChild 256", "ThreadsPerChild 25")
        .replacing("ThreadLimit 256", "ThreadLimit 25");
    List<String> wrong = wrongBehind(apache);
    assertThat(wrong)
        .anySatisfy(f -> assertThat(f).startsWith("events: ").contains("flushpackets=auto"));
    assertThat(wrong)
        .anySatisfy(f -> assertThat(f).startsWith("workers: ").contains("MaxRequestWorkers"));
  }

  @Test
  void aLighttpdThatHoldsEventsBackIsTold() {
    List<String> wrong =
        wrongBehind(
            LighttpdServer.around(
                "proxy.server = ( \"/\" => (( \"host\" => \"127.0.0.1\", \"port\" => %d )) )\n"
                    .formatted(ongsung.httpPort())));
    assertThat(wrong)
        .anySatisfy(f -> assertThat(f).startsWith("events: ").contains("stream-response-body = 2"));
    assertThat(wrong)
        .anySatisfy(
            f -> assertThat(f).startsWith("sockets: ").contains("\"upgrade\" => \"enable\""));
  }

  @Test
  void anApacheThatSaysNothingOfBrowsersAndKeepsThemShortIsTold() {
    List<String> wrong =
        wrongBehind(
            ApacheServer.around(
                """
                ProxyPass / http://127.0.0.1:%d/ responsefieldsize=4000
                ProxyAddHeaders Off
                LimitRequestFieldSize 4000
                """
                    .formatted(ongsung.httpPort())));
    assertTold(wrong, "address", "ProxyAddHeaders On");
    assertTold(wrong, "host", "ProxyPreserveHost On");
    assertTold(wrong, "headers", "LimitRequestFieldSize 16380");
    assertTold(wrong, "headers", "responsefieldsize=16380");
    assertTold(wrong, "sockets", "upgrade=websocket");
  }

  /// So the files that are shipped have no such line, and nobody is told to write one.
  @Test
  void anApachesLimitOfBodiesIsNotForWhatItPassesOn() {
    String http = "ProxyPass / http://127.0.0.1:%d/".formatted(ongsung.httpPort());
    String fastCgi =
        "ProxyPass / \"unix:%s|fcgi://ongsung/\"".formatted(folder.resolve("root.sock"));
    for (String pass : List.of(http, fastCgi)) {
      List<String> wrong =
          wrongBehind(ApacheServer.around("LimitRequestBody 1000\n" + pass + "\n"));
      assertThat(wrong).as(pass).isNotEmpty().noneMatch(fault -> fault.startsWith("uploads: "));
    }
  }

  @Test
  void anApacheThatBelievesBrowsersIsTold() {
    List<String> wrong =
        wrongBehind(
            ApacheServer.around(
                """
                ProxyPass / http://127.0.0.1:%d/
                ProxyAddHeaders Off
                RequestHeader setifempty X-Forwarded-For expr=%%{REMOTE_ADDR}
                """
                    .formatted(ongsung.httpPort())));
    assertTold(wrong, "address", "RequestHeader unset X-Forwarded-For early");
  }

  @Test
  void anApacheThatDropsTokensIsTold() {
    List<String> wrong =
        wrongBehind(
            ApacheServer.around(
                """
                ProxyFCGIBackendType GENERIC
                ProxyPass /ongsung/ "unix:%s|fcgi://ongsung/ongsung/" flushpackets=auto flushwait=10
                """
                    .formatted(folder.resolve("path.sock"))),
            underAPath,
            "http",
            "/ongsung");
    assertThat(wrong)
        .singleElement()
        .asString()
        .startsWith("authorization: ")
        .contains("CGIPassAuth On  within <Location \"/ongsung/\">");
  }

  @Test
  void anApacheUnderAPathThatKeepsItsTlsToItselfIsTold() {
    List<String> wrong =
        wrongBehind(
            ApacheServer.around(
                """
                SSLEngine on
                SSLCertificateFile %1$s/tls.pem
                SSLCertificateKeyFile %1$s/tls.key
                ProxyPass /ongsung/ http://127.0.0.1:%2$d/ongsung/
                """
                    .formatted(folder, underAPath.httpPort())),
            underAPath,
            "https",
            "/ongsung");
    assertTold(wrong, "scheme", "RequestHeader set X-Forwarded-Proto");
    assertTold(wrong, "sockets", "upgrade=websocket");
  }

  @Test
  void aLighttpdThatKeepsBrowsersShortIsTold() {
    List<String> wrong =
        wrongBehind(
            LighttpdServer.around(
                """
                server.modules += ( "mod_setenv" )
                server.max-request-field-size = 4096
                server.max-request-size = 1024
                setenv.set-request-header = ( "Authorization" => "" )
                fastcgi.server = ( "/" => (( "socket" => "%s", "check-local" => "disable" )) )
                """
                    .formatted(folder.resolve("root.sock"))));
    assertTold(wrong, "headers", "server.max-request-field-size = 16384");
    assertTold(wrong, "uploads", "server.max-request-size = 16384");
    assertTold(wrong, "authorization", "setenv.set-request-header = ( )");
  }

  @Test
  void aPathThatIsLostOnTheWayIsTold() {
    int port = underAPath.httpPort();
    assertThat(
            wrongBehind(
                NginxServer.around(
                    """
                    server {
                      listen 127.0.0.1:@PORT@;
                      location /ongsung/ { proxy_pass http://127.0.0.1:%d/; }
                    }
                    """
                        .formatted(port)),
                underAPath,
                "http",
                "/ongsung"))
        .singleElement()
        .asString()
        .startsWith("way: ")
        .contains("proxy_pass http://ongsung;  in  location /ongsung/ ");
    assertThat(
            wrongBehind(
                ApacheServer.around("ProxyPass /ongsung/ http://127.0.0.1:%d/".formatted(port)),
                underAPath,
                "http",
                "/ongsung"))
        .singleElement()
        .asString()
        .startsWith("way: ")
        .contains("ProxyPass \"/ongsung/\" \"http://127.0.0.1:8022/ongsung/\" nocanon");
    assertThat(
            wrongBehind(
                LighttpdServer.around(
                    """
                    proxy.server = ( "/ongsung/" => (( "host" => "127.0.0.1", "port" => %d )) )
                    proxy.header = ( "map-urlpath" => ( "/ongsung/" => "/" ) )
                    """
                        .formatted(port)),
                underAPath,
                "http",
                "/ongsung/"))
        .singleElement()
        .asString()
        .startsWith("way: ")
        .contains("proxy.server = ( \"/ongsung/\" =>")
        .contains("no map-urlpath");
  }

  @Test
  void anAddressThatLeadsElsewhereIsTold() {
    assertThat(wrong(ask("http://127.0.0.1:" + ongsung.httpPort() + "/elsewhere")))
        .singleElement()
        .asString()
        .startsWith("way: ")
        .contains("public.url");
    assertThat(wrong(ask("http://127.0.0.1:1/"))).singleElement().asString().startsWith("way: ");
  }
}
