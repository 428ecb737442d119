package org.ongsung.server.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.console.text.Language;
import org.ongsung.jobs.JobContext;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobTrees;
import org.ongsung.jobs.WorkFailedException;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.HostAndPort;
import org.ongsung.server.configuration.Notices;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.vault.FileKeyVault;
import org.ongsung.vault.OwnSecret;
import org.ongsung.vault.OwnSecrets;
import org.ongsung.vault.Secret;

/// Notifications to a real HTTP server and a scripted mail server.
@Timeout(240)
class NotifyWorkTest {
  private static final Instant NOW = Instant.parse("2026-11-22T03:40:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final String SECRET = "a secret of the hook";

  @TempDir private Path folder;
  private Path secretFile;
  private Database database;
  private Ledger ledger;
  private OwnSecrets secrets;
  private HttpServer http;
  private volatile int status = 204;
  private final AtomicReference<Map<String, List<String>>> headers = new AtomicReference<>();
  private final AtomicReference<String> body = new AtomicReference<>("");
  private NotifyWork.OwnAddresses own = (_, _, _) -> OptionalInt.empty();

  @BeforeEach
  void open() throws Exception {
    database = Database.open(new DatabaseConfig.Embedded(folder));
    database.migrate();
    ledger = new Ledger(database.ledger(), LedgerLimits.DEFAULT);
    secrets =
        new OwnSecrets(
            FileKeyVault.open(folder.resolve("vault.keys"), database.secrets(), CLOCK),
            database.ownSecrets());
    secretFile = folder.resolve("secret");
    Files.writeString(secretFile, SECRET + "\nnot this line\n");
    http =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), /* backlog= */ 0);
    http.createContext("/", this::answer);
    http.start();
  }

  @AfterEach
  void close() {
    http.stop(0);
    ledger.close();
    database.close();
  }

  private void answer(HttpExchange exchange) throws java.io.IOException {
    headers.set(Map.copyOf(exchange.getRequestHeaders()));
    body.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    if (status == 302) {
      exchange.getResponseHeaders().set("Location", "http://127.0.0.1:9/");
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private URI hook() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/hook?of=ops");
  }

  private static final JobContext CONTEXT = new JobContext(JobId.create(NOW), "w", CLOCK);

  private JobResult told(Notices notices, JobParameters.Notify.Channel channel, long event)
      throws Exception {
    return new NotifyWork(notices, "gate-1", secrets, own, ledger, CLOCK)
        .run(
            new JobParameters.Notify(channel, "호스트 키 web-1", "first\nsecond", event),
            null,
            CONTEXT);
  }

  private JobResult posted(URI url, long event) throws Exception {
    return told(
        new Notices(
            Optional.of(new Notices.Webhook(url, Optional.ofNullable(secretFile), Set.of())),
            Optional.empty()),
        JobParameters.Notify.Channel.WEBHOOK,
        event);
  }

  private static boolean again(Throwable thrown) {
    return ((WorkFailedException) thrown).again();
  }

  private String header(String name) {
    return headers.get().entrySet().stream()
        .filter(one -> one.getKey().equalsIgnoreCase(name))
        .map(one -> one.getValue().getFirst())
        .findFirst()
        .orElse("");
  }

  @Test
  void aPostIsSignedOverItsTimeAndItsBody() throws Exception {
    long sequence =
        ledger.append(
            new AuditEvent(
                NOW,
                AuditCode.HOST_KEY_MISMATCH,
                "alice",
                "192.0.2.7",
                null,
                "web-1",
                Map.of("proven", "SHA256:x")));
    assertThat(posted(hook(), sequence)).isEqualTo(new JobResult.Told("HTTP status 204"));
    assertThat(header("Ongsung-Timestamp")).isEqualTo(Long.toString(NOW.getEpochSecond()));
    assertThat(header("Ongsung-Signature")).isEqualTo("v1=" + signature(SECRET));
    assertThat(header("Ongsung-Delivery")).isEqualTo(CONTEXT.id().value());
    Map<String, Object> tree = JobTrees.tree(body.get());
    assertThat(tree)
        .containsEntry("gateway", "gate-1")
        .containsEntry("delivery", CONTEXT.id().value())
        .containsEntry("title", "호스트 키 web-1")
        .containsEntry("text", "first\nsecond");
    assertThat(JobTrees.map(tree.get("event"), "event"))
        .containsEntry("code", "hostkey.mismatch")
        .containsEntry("subject", "web-1")
        .containsEntry("source", "192.0.2.7");
    assertThat(body.get() + headers.get()).doesNotContain(SECRET);
  }

  /// Of the newest post.
  private String signature(String secret) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signed = NOW.getEpochSecond() + "." + body.get();
    return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theSecretInTheVaultCountsBeforeThatOfTheFile() throws Exception {
    try (Secret sealed = new Secret("봉인된 비밀".getBytes(StandardCharsets.UTF_8))) {
      secrets.set(OwnSecret.WEBHOOK, sealed);
    }
    JobResult _ = posted(hook(), 0);
    assertThat(header("Ongsung-Signature")).isEqualTo("v1=" + signature("봉인된 비밀"));
    secretFile = null;
    JobResult _ = posted(hook(), 0);
    assertThat(header("Ongsung-Signature")).isEqualTo("v1=" + signature("봉인된 비밀"));
    assertThat(secrets.remove(OwnSecret.WEBHOOK)).isTrue();
    assertThatThrownBy(() -> posted(hook(), 0))
        .hasMessageContaining("ongsung webhook secret")
        .matches(NotifyWorkTest::again);
  }

  @Test
  void whatMayDoBetterLaterIsTriedAgainAndTheRestIsNot() {
    for (int bad : new int[] {500, 503, 429, 408}) {
      status = bad;
      assertThatThrownBy(() -> posted(hook(), 0)).matches(NotifyWorkTest::again, "again: " + bad);
    }
    for (int bad : new int[] {400, 401, 404, 410}) {
      status = bad;
      assertThatThrownBy(() -> posted(hook(), 0))
          .hasMessage("not told: HTTP status " + bad)
          .matches(thrown -> !again(thrown), "given up: " + bad);
    }
  }

  @Test
  void aRedirectIsNotFollowed() {
    status = 302;
    assertThatThrownBy(() -> posted(hook(), 0)).hasMessage("not told: HTTP status 302");
  }

  @Test
  void noAddressThatATargetCannotHaveIsDialled() {
    for (String host : List.of("169.254.169.254", "[fe80::1]", "0.0.0.0", "100.100.100.200")) {
      assertThatThrownBy(() -> posted(URI.create("http://" + host + "/"), 0))
          .as(host)
          .hasMessageContaining("nothing connects to")
          .matches(thrown -> !again(thrown));
    }
  }

  @Test
  void whatDoesNotSpeakHttpIsTriedAgainLater() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var client = silent.accept()) {
                  client
                      .getOutputStream()
                      .write("220 mail\r\n".getBytes(StandardCharsets.US_ASCII));
                  client.getInputStream().readAllBytes();
                } catch (java.io.IOException e) {
                  // the test is over
                }
              });
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      assertThatThrownBy(() -> posted(url, 0))
          .hasMessageContaining("did not answer by HTTP")
          .matches(NotifyWorkTest::again);
    }
    URI nobody = URI.create("http://127.0.0.1:1/");
    assertThatThrownBy(() -> posted(nobody, 0)).matches(NotifyWorkTest::again);
  }

  @Test
  void ourOwnAddressIsTakenInProcess() throws Exception {
    own = (url, _, _) -> url.equals(hook()) ? OptionalInt.of(202) : OptionalInt.empty();
    assertThat(posted(hook(), 0)).isEqualTo(new JobResult.Told("HTTP status 202"));
    assertThat(headers.get()).as("nothing went out").isNull();
  }

  private JobResult mailed(int port, Optional<String> user, Notices.Security security)
      throws Exception {
    return told(
        new Notices(
            Optional.empty(),
            Optional.of(
                new Notices.Mail(
                    new HostAndPort("127.0.0.1", port),
                    security,
                    "gate@example.com",
                    List.of("ops@example.com", "audit@example.com"),
                    user,
                    user.map(_ -> secretFile),
                    Set.of(),
                    Language.ENGLISH))),
        JobParameters.Notify.Channel.MAIL,
        0);
  }

  @Test
  void aMailGoesToAllWhomTheConfigurationNames() throws Exception {
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(Map.of())) {
      JobResult told = mailed(server.port(), Optional.empty(), Notices.Security.NONE);
      assertThat(told).isEqualTo(new JobResult.Told("taken by 127.0.0.1:" + server.port()));
      assertThat(server.heard())
          .contains(
              "MAIL FROM:<gate@example.com>",
              "RCPT TO:<ops@example.com>",
              "RCPT TO:<audit@example.com>",
              "Message-ID: <" + CONTEXT.id() + "@gate-1>",
              "Auto-Submitted: auto-generated");
      String all = String.join("\n", server.heard());
      assertThat(all).contains("Subject: =?UTF-8?").contains("first").contains("second");
    }
  }

  @Test
  void aMailServerThatIsBusyIsAskedAgain() throws Exception {
    for (Map<String, String> script :
        List.of(
            Map.of("MAIL", "451 later"), Map.of("RCPT", "450 later"), Map.of(".", "452 full"))) {
      try (ScriptedSmtpServer server = new ScriptedSmtpServer(script)) {
        assertThatThrownBy(() -> mailed(server.port(), Optional.empty(), Notices.Security.NONE))
            .matches(NotifyWorkTest::again, script.toString());
      }
    }
  }

  @Test
  void nothingIsSaidInClearWhereTlsIsWanted() throws Exception {
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(Map.of())) {
      assertThatThrownBy(
              () -> mailed(server.port(), Optional.of("gate"), Notices.Security.STARTTLS))
          .isInstanceOf(WorkFailedException.class);
      assertThat(server.heard()).noneMatch(line -> line.startsWith("MAIL"));
      assertThat(String.join("", server.heard())).doesNotContain("AUTH");
    }
  }

  @Test
  void aRefusedLoginIsNotTriedAgain() throws Exception {
    Map<String, String> script = Map.of("EHLO", "250-scripted\r\n250 AUTH PLAIN", "AUTH", "535 no");
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(script)) {
      assertThatThrownBy(() -> mailed(server.port(), Optional.of("gate"), Notices.Security.NONE))
          .hasMessage("the mail server refuses the login")
          .matches(thrown -> !again(thrown));
    }
  }
}
