package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.TimeoutError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every file of deploy/ for a web server in front, as it is shipped: the console in a real
/// browser, a live session watched in it, files sent and fetched; a large upload, a large download,
/// the command line; and what nobody may reach by it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrontServersTest {
  private static final String STORE_PASSWORD = "changeit";
  private static final String PASSWORD = "correct horse battery";
  private static final int UPLOAD_BYTES = 12 << 20;

  /// More than the largest access file, and the most that lighttpd takes as shipped.
  private static final int FILE_BYTES = 17 << 20;

  private static final int LIGHTTPD_FILE_BYTES = 12 << 20;
  private static final int GROUPS = 2_000;
  private static final int RECORDED_BYTES = 6 << 20;
  private static final String KEPT_FOR_GOOD = "public, max-age=31536000, immutable";
  private static final double PATIENCE_MILLIS = 60_000;

  /// Not the front server's own address, so that the two can be told apart.
  private static final String BROWSER = "127.0.0.5";

  private final Path folder = Folders.temporary("ongsung-fronts");
  private OpenSshServer target;
  private Installation atTheRoot;
  private Installation underAPath;
  private SshKey key;
  private int liars;
  private Playwright playwright;
  private Browser chromium;
  private HttpClient http;

  @BeforeAll
  void start() throws Exception {
    DeployedFront.certificates(folder);
    trustedStore();
    target = OpenSshServer.builder().start();
    atTheRoot = installation("root", "");
    underAPath = installation("path", "/ongsung");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    chromium =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of("/usr/bin/chromium"))
                    .setArgs(List.of("--no-sandbox")));
    http =
        HttpClient.newBuilder()
            .sslContext(Anyone.trusted())
            .localAddress(InetAddress.ofLiteral(BROWSER))
            .build();
  }

  private Path socket(String name) {
    return folder.resolve(name + ".sock");
  }

  private Installation installation(String name, String path) {
    Installation made =
        Installation.start(
            "  fastcgi: unix:" + socket(name),
            "http: {trustedProxies: [127.0.0.1]}",
            "public: {url: 'https://127.0.0.1" + path + "'}");
    if (key == null) {
      key = made.key("alice", "ed25519");
    }
    made.apply(
        """
        users:
          - name: alice
            roles: [admin]
            password: {plain: "%s"}
            publicKeys: ["%s"]
        targets:
        %s
        grants:
          - name: all
            who: {users: [alice]}
            where: {targets: [web]}
            as: [worker]
            may: [shell, exec, sftp]
        """
            .formatted(PASSWORD, key.publicLine(), Installation.target("web", target)));
    made.client(key)
        .sshOnTerminal(
            "-t", "alice+web@127.0.0.1", "head -c " + RECORDED_BYTES + " /dev/urandom | base64")
        .run()
        .expectSuccess();
    return made;
  }

  @AfterAll
  void stop() {
    if (playwright != null) {
      playwright.close();
    }
    if (http != null) {
      http.close();
    }
    for (AutoCloseable each : new AutoCloseable[] {atTheRoot, underAPath, target}) {
      if (each != null) {
        closed(each);
      }
    }
    Folders.delete(folder);
  }

  private static void closed(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx/ongsung-http-path.conf",
        "apache/ongsung-fastcgi-path.conf",
        "lighttpd/ongsung-http.conf"
      })
  void aFrontServerOfEachKindAsItIsShipped(String file) throws Exception {
    everything(file);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx/ongsung-fastcgi.conf",
        "nginx/ongsung-fastcgi-path.conf",
        "nginx/ongsung-http.conf",
        "apache/ongsung-fastcgi.conf",
        "apache/ongsung-http.conf",
        "apache/ongsung-http-path.conf",
        "lighttpd/ongsung-fastcgi.conf",
        "lighttpd/ongsung-fastcgi-path.conf",
        "lighttpd/ongsung-http-path.conf"
      })
  void everyOtherFileAsItIsShipped(String file) throws Exception {
    everything(file);
  }

  private void everything(String file) throws Exception {
    boolean path = file.endsWith("-path.conf");
    Installation ongsung = path ? underAPath : atTheRoot;
    Path socket = socket(path ? "path" : "root");
    try (DeployedFront front = DeployedFront.start(file, folder, socket, ongsung.httpPort())) {
      try {
        plainHttpIsSentToTls(front);
        aCrowdMayKnock(front);
        assetsAreKept(front);
        String token = logIn(front);
        uploadAndDownload(front, token);
        nobodyIsBelievedAboutTheirAddress(front, ongsung);
        ambiguousAddressesOpenNothing(front);
        inABrowser(file, front, ongsung);
        commandLine(front);
      } catch (AssertionError | Exception e) {
        throw new AssertionError(e + "\n" + front.log(), e);
      }
    }
  }

  private void plainHttpIsSentToTls(DeployedFront front) throws Exception {
    HttpResponse<Void> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:" + front.redirectPort() + front.path() + "/login"))
                .build(),
            BodyHandlers.discarding());
    assertThat(answer.statusCode()).isEqualTo(301);
    assertThat(answer.headers().firstValue("Location"))
        .contains("https://127.0.0.1" + front.path() + "/login");
  }

  /// The kernel has the last word: by default as many as the files ask for.
  private static void aCrowdMayKnock(DeployedFront front) throws IOException {
    String most = Files.readAllLines(Path.of("/proc/sys/net/core/somaxconn")).getFirst();
    assertThat(front.backlog()).isEqualTo(Math.min(4_096, Integer.parseInt(most)));
  }

  private HttpRequest.Builder request(DeployedFront front, String inside) {
    return HttpRequest.newBuilder(URI.create(front.url(inside))).timeout(Deadlines.SERVICE);
  }

  /// Each form of an asset has a tag of its own, by which a browser learns that it has it, and is
  /// kept for good; all of it by HTTP/2.
  private void assetsAreKept(DeployedFront front) throws Exception {
    HttpResponse<String> page =
        http.send(request(front, "/login").build(), BodyHandlers.ofString());
    Matcher style = Pattern.compile("href=\"([^\"]+\\.css)\"").matcher(page.body());
    assertThat(style.find()).isTrue();
    URI address = URI.create(front.url("/login")).resolve(style.group(1));
    List<String> tags = new ArrayList<>();
    for (String form : List.of("identity", "gzip")) {
      HttpRequest.Builder asked =
          HttpRequest.newBuilder(address)
              .timeout(Deadlines.SERVICE)
              .header("Accept-Encoding", form);
      HttpResponse<Void> whole = http.send(asked.build(), BodyHandlers.discarding());
      assertThat(whole.statusCode()).isEqualTo(200);
      assertThat(whole.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(whole.headers().firstValue("Vary")).contains("Accept-Encoding");
      assertThat(whole.headers().firstValue("Cache-Control")).contains(KEPT_FOR_GOOD);
      tags.add(whole.headers().firstValue("ETag").orElseThrow());
      HttpResponse<Void> again =
          http.send(
              asked.header("If-None-Match", tags.getLast()).build(), BodyHandlers.discarding());
      assertThat(again.statusCode()).as(form).isEqualTo(304);
      assertThat(again.headers().firstValue("ETag")).contains(tags.getLast());
      assertThat(again.headers().firstValue("Cache-Control")).contains(KEPT_FOR_GOOD);
    }
    assertThat(tags).doesNotHaveDuplicates();
  }

  private String logIn(DeployedFront front) throws Exception {
    HttpResponse<String> answer =
        http.send(
            request(front, "/api/v1/login")
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"name\":\"alice\",\"password\":\"" + PASSWORD + "\"}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body()).path("token").asString("");
  }

  private void uploadAndDownload(DeployedFront front, String token) throws Exception {
    String body =
        "{\"dryRun\": true, %s \"document\": {\"users\": []}}".formatted(" ".repeat(UPLOAD_BYTES));
    HttpResponse<String> applied =
        http.send(
            request(front, "/api/v1/apply")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
    HttpResponse<InputStream> backup =
        http.send(
            request(
                    front,
                    "/api/v1/backup") // as the command line: lighttpd wants a length in HTTP/2
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofInputStream());
    assertThat(backup.statusCode()).isEqualTo(200);
    try (GZIPInputStream unpacked = new GZIPInputStream(backup.body())) {
      assertThat(unpacked.transferTo(java.io.OutputStream.nullOutputStream()))
          .isGreaterThan(RECORDED_BYTES);
    }
  }

  private void nobodyIsBelievedAboutTheirAddress(DeployedFront front, Installation ongsung)
      throws Exception {
    for (String header : List.of("X-Forwarded-For", "Forwarded", "X-Real-IP")) {
      String invented = header.equals("Forwarded") ? "for=203.0.113.9" : "203.0.113.9";
      String liar = "127.2.0." + ++liars; // each its own, for who fails at logins is blocked
      try (HttpClient lying =
          HttpClient.newBuilder()
              .sslContext(Anyone.trusted())
              .localAddress(InetAddress.ofLiteral(liar))
              .build()) {
        HttpResponse<String> answer =
            lying.send(
                request(front, "/api/v1/login")
                    .header(header, invented)
                    .header("X-Forwarded-Proto", "http")
                    .header("Content-Type", "application/json")
                    .POST(
                        BodyPublishers.ofString(
                            "{\"name\":\"liar%d\",\"password\":\"wrong\"}".formatted(liars)))
                    .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(header + answer.body()).isIn(400, 401);
        if (answer.statusCode() == 401) {
          assertThat(ongsung.ledger("code=login.failure").getFirst().path("source").asString(""))
              .isEqualTo(liar);
        }
      }
    }
    assertThat(ongsung.ledger("limit=500").toString()).doesNotContain("203.0.113.9");
    JsonNode login = ongsung.ledger("code=login.success").getFirst();
    assertThat(login.path("source").asString("")).isEqualTo(BROWSER);
  }

  /// Some front servers make one reading of an address before Ongsung sees it; none of the readings
  /// opens anything without a login.
  private void ambiguousAddressesOpenNothing(DeployedFront front) throws Exception {
    for (String target :
        List.of(
            "/login;/users",
            "/x;/users",
            "/login/../users",
            "/login/..;/users",
            "/login/%2e%2e/users",
            "/login%2f..%2fusers",
            "/login%252f..%252fusers",
            "//users",
            "/login%5c..%5cusers",
            "/assets/../api/v1/users",
            "/%2e%2e/%2e%2e/users")) {
      String answer = raw(front, front.path() + target);
      assertThat(answer).as(target).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 200");
      assertThat(answer).as(target).doesNotStartWith("HTTP/1.1 5").doesNotContain("alice");
    }
  }

  private static String raw(DeployedFront front, String target) throws Exception {
    try (Socket plain = new Socket()) {
      plain.bind(new InetSocketAddress(InetAddress.ofLiteral(BROWSER), 0));
      plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port()));
      try (SSLSocket tls =
          (SSLSocket)
              Anyone.trusted()
                  .getSocketFactory()
                  .createSocket(plain, "127.0.0.1", front.port(), true)) {
        tls.setSoTimeout(Math.toIntExact(Deadlines.ACTION.toMillis()));
        tls.getOutputStream()
            .write(
                ("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        return new String(tls.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  private void inABrowser(String file, DeployedFront front, Installation ongsung) {
    try (BrowserContext context =
        chromium.newContext(
            new Browser.NewContextOptions().setIgnoreHTTPSErrors(true).setLocale("en-US"))) {
      context.setDefaultTimeout(PATIENCE_MILLIS);
      Page page = context.newPage();
      List<String> wrong = new ArrayList<>();
      page.onResponse(
          response -> {
            if (response.status() >= 400) {
              wrong.add(response.status() + " " + response.url());
            }
          });
      page.onPageError(wrong::add);
      page.navigate(front.url("/sessions"));
      page.fill("#name", "alice");
      page.fill("#password", PASSWORD);
      page.press("#password", "Enter");
      page.waitForURL(front.url("/sessions"));
      assertThat(context.cookies())
          .isNotEmpty()
          .allSatisfy(
              cookie -> {
                assertThat(cookie.secure).isTrue();
                assertThat(cookie.path).isEqualTo(front.path().isEmpty() ? "/" : front.path());
              });
      for (String path : List.of("/", "/users", "/targets/web", "/ledger", "/profile")) {
        page.navigate(front.url(path));
        assertThat(page.locator("h1").count()).as(path).isEqualTo(1);
      }
      watchALiveSession(page, front, ongsung);
      useATerminal(page, front, ongsung, file.contains("-http") ? "socket" : "events");
      sendAndFetchAFile(
          page, front, file.startsWith("lighttpd") ? LIGHTTPD_FILE_BYTES : FILE_BYTES);
      logOut(page, front, ongsung);
      assertThat(wrong).isEmpty();
    }
  }

  private void watchALiveSession(Page page, DeployedFront front, Installation ongsung) {
    try (RunningProgram shell =
        ongsung
            .client(key)
            .sshOnTerminal(
                "-t", "alice+web@127.0.0.1", "echo one-$((1+1)); read x; echo said-$x; read y")
            .start()) {
      shell.awaitOutput("one-2", Deadlines.SERVICE);
      String id = ongsung.sessions("state=live").getFirst().path("id").asString("");
      page.navigate(front.url("/sessions/" + id + "/channels/0"));
      showsInThePlayer(page, "one-2");
      shell.type("hello\n");
      showsInThePlayer(page, "said-hello");
      page.navigate(front.url("/"));
      shell.type("\n").await(Deadlines.SERVICE);
    }
  }

  /// @param way how its bytes come and go: by `socket` or by `events`
  private void useATerminal(Page page, DeployedFront front, Installation ongsung, String way) {
    page.navigate(front.url("/terminal/web/worker"));
    page.waitForSelector("#terminal[data-state=live]");
    page.keyboard().type("echo by-$((40+2)); cat");
    page.keyboard().press("Enter");
    showsOnTheTerminal(page, "by-42");
    page.keyboard().insertText("가나다 한글");
    page.keyboard().press("Enter");
    showsOnTheTerminal(page, "가나다 한글");
    page.keyboard().press("Control+d");
    assertThat(page.getAttribute("#terminal", "data-way")).isEqualTo(way);
    page.keyboard().type("exit");
    page.keyboard().press("Enter");
    page.waitForSelector("#terminal[data-state=over]");
    Deadlines.await("the session's end is listed", () -> ongsung.sessions("state=live").isEmpty());
    String id = ongsung.sessions("target=web").getFirst().path("id").asString("");
    String record = ongsung.text("/api/v1/sessions/" + id + "/channels/0/recording");
    assertThat(record).contains("by-42", "가나다 한글");
    assertThat(ongsung.ledger("code=session.start&session=" + id).toString()).contains("browser");
  }

  private void sendAndFetchAFile(Page page, DeployedFront front, int bytes) {
    try {
      Path there = Files.createTempDirectory(folder, "files");
      Path file = folder.resolve("보고서.bin");
      byte[] content = new byte[bytes];
      new Random(bytes).nextBytes(content);
      Files.write(file, content);
      page.navigate(front.url("/files/web/worker?path=" + there));
      page.click("summary:has(+ #upload)");
      page.setInputFiles("#upload input[type=file]", file);
      page.click("#upload button");
      Download fetched = page.waitForDownload(() -> page.click("a[download]:has-text('보고서.bin')"));
      assertThat(Files.mismatch(there.resolve("보고서.bin"), file)).isEqualTo(-1);
      assertThat(Files.mismatch(fetched.path(), file)).isEqualTo(-1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The session on files would stay for minutes otherwise.
  private static void logOut(Page page, DeployedFront front, Installation ongsung) {
    page.navigate(front.url("/profile"));
    page.click("form[action$='/logout'] button");
    page.waitForURL(address -> !address.endsWith("/profile"));
    Deadlines.await("no session stays", () -> ongsung.sessions("state=live").isEmpty());
  }

  private static void showsOnTheTerminal(Page page, String text) {
    try {
      page.waitForCondition(
          () ->
              page.locator("#terminal-screen .xterm-rows")
                  .innerText()
                  .replace('\u00a0', ' ')
                  .contains(text));
    } catch (TimeoutError e) {
      throw new AssertionError("\"" + text + "\" is not in: " + page.content(), e);
    }
  }

  private static void showsInThePlayer(Page page, String text) {
    try {
      page.waitForCondition(() -> page.locator("#player").innerText().contains(text));
    } catch (TimeoutError e) {
      throw new AssertionError("\"" + text + "\" is not in: " + page.content(), e);
    }
  }

  /// A person elsewhere, with the certificate in a store of their Java.
  private void commandLine(DeployedFront front) throws IOException {
    Path home = Files.createTempDirectory(folder, "home");
    elsewhere(home, "login", front.url("/"), "--user", "alice", "--password-stdin")
        .input(PASSWORD + "\n")
        .run()
        .expectSuccess();
    assertThat(Files.readString(home.resolve("ongsung/login.json"))).contains(front.url(""));
    assertThat(elsewhere(home, "target", "list").run().expectSuccess().stdout()).contains("web");
    StringBuilder groups = new StringBuilder("groups:\n");
    for (int i = 1; i <= GROUPS; i++) {
      groups.append("  - {name: group-").append(i).append("}\n");
    }
    Files.writeString(home.resolve("access.yaml"), groups);
    assertThat(
            elsewhere(home, "apply", "--file", "access.yaml", "--dry-run")
                .run()
                .expectSuccess()
                .stdout())
        .contains("group-" + GROUPS);
    elsewhere(home, "logout").run().expectSuccess();
  }

  /// The command line with a login and no configuration.
  private Program elsewhere(Path home, String... arguments) {
    List<String> command =
        new ArrayList<>(
            Product.starting(
                arguments[0],
                List.of(
                    "-Djavax.net.ssl.trustStore=" + folder.resolve("trusted.p12"),
                    "-Djavax.net.ssl.trustStorePassword=" + STORE_PASSWORD)));
    command.addAll(List.of(arguments));
    return Program.of(command)
        .environment("XDG_CONFIG_HOME", home.toString())
        .in(home)
        .within(Deadlines.SERVICE);
  }

  private void trustedStore() {
    Program.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString())
        .and("-importcert", "-noprompt", "-alias", "front")
        .and("-file", folder.resolve("tls.pem").toString())
        .and("-keystore", folder.resolve("trusted.p12").toString())
        .and("-storepass", STORE_PASSWORD)
        .within(Deadlines.SERVICE)
        .run()
        .expectSuccess();
  }
}
