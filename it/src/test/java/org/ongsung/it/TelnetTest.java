package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RawTelnetClient;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.ScriptedSwitch;
import org.ongsung.testkit.SshKey;
import org.ongsung.testkit.TelnetServer;
import tools.jackson.databind.JsonNode;

/// Telnet through the same gate: Debian's telnet and telnetd, PuTTY, and switches with odd prompts,
/// from and to SSH.
class TelnetTest {
  private static final String PASSWORD = "correct horse battery";
  private static final int TELNET = Ports.free();
  private static final Charset CP949 = Charset.forName("x-windows-949");

  private static OpenSshServer sshd;
  private static TelnetServer telnetd;
  private static ScriptedSwitch odd;
  private static ScriptedSwitch strict;
  private static ScriptedSwitch old;
  private static ScriptedSwitch chatty;
  private static ScriptedSwitch deaf;
  private static final CountDownLatch DONE = new CountDownLatch(1);
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void startEverything() {
    sshd = OpenSshServer.builder().start();
    telnetd = TelnetServer.start();
    odd = ScriptedSwitch.start(TelnetTest::playOdd);
    strict = ScriptedSwitch.start(TelnetTest::refuse);
    old = ScriptedSwitch.start(TelnetTest::playOld);
    chatty = ScriptedSwitch.start(TelnetTest::playChatty);
    deaf = ScriptedSwitch.start(TelnetTest::playDeaf);
    gate = Installation.start("  telnet: 127.0.0.1:" + TELNET);
    key = gate.key("alice", "ed25519");
    gate.apply(access());
  }

  private static String access() {
    return """
    users:
      - name: alice
        roles: [user]
        password: {plain: "%s"}
        publicKeys: ["%s"]
      - name: bob
        roles: [user]
        password: {plain: "%s"}
    targets:
    %s
      - name: lab
        protocol: telnet
        address: %s
        accounts:
          - name: operator
            password: {plain: "%s"}
          - name: by-hand
      - name: odd
        protocol: telnet
        address: %s
        prompts:
          login: ["Kennung>"]
          password: ["*Losung?"]
          ready: ["odd=>"]
        accounts:
          - name: admin
            password: {plain: "s3cret-of-odd"}
      - name: strict
        protocol: telnet
        address: %s
        accounts:
          - name: admin
            password: {plain: "wrong"}
      - name: old
        protocol: telnet
        address: %s
        encoding: cp949
        prompts:
          login: ["사용자 이름>"]
          ready: ["펲시 서버>"]
        accounts:
          - name: operator
            login: 관리자
            password: {plain: "열려라-4711"}
      - name: chatty
        protocol: telnet
        address: %s
        accounts:
          - name: admin
            password: {plain: "right"}
          - name: gone
            password: {plain: "wrong"}
      - name: deaf
        protocol: telnet
        address: %s
        accounts:
          - name: admin
    grants:
      - name: alice-everywhere
        who: {users: [alice]}
        where: {targets: [web-1, lab, odd, strict, old, chatty, deaf]}
        as: [worker, operator, admin, by-hand, gone]
        may: [shell]
    """
        .formatted(
            PASSWORD,
            key.publicLine(),
            PASSWORD,
            Installation.target("web-1", sshd).stripTrailing(),
            telnetd.address(),
            TelnetServer.PASSWORD,
            odd.address(),
            strict.address(),
            old.address(),
            chatty.address(),
            deaf.address());
  }

  /// A switch that wants a key first, asks in its own words, echoes even the password, and speaks
  /// no Telnet but a question for our name.
  private static void playOdd(ScriptedSwitch.Wire wire) throws IOException {
    wire.say("\r\n* press ENTER to begin *\r\n");
    wire.line();
    wire.say("Kennung> ");
    String name = wire.line();
    wire.say(name + "\r\nIhre Losung? ");
    String word = wire.line();
    wire.say(word + "\r\n");
    if (!"admin".equals(name) || !"s3cret-of-odd".equals(word)) {
      wire.say("Nein.\r\n");
      return;
    }
    wire.say("Willkommen\r\nodd=> ");
    for (String line = wire.line(); line != null && !line.equals("bye"); line = wire.line()) {
      wire.say(line + "\r\n[" + line + "]\r\nodd=> ");
    }
  }

  /// A machine of the nineties, whose Korean is code page 949, and which says so.
  private static void playOld(ScriptedSwitch.Wire wire) throws IOException {
    wire.send(telnet(255, 253, 42)); // DO CHARSET
    wire.send(inCp949("사용자 이름> "));
    String name = wire.line(CP949);
    wire.send(inCp949("\r\n비밀번호: "));
    String word = wire.line(CP949);
    if (!"관리자".equals(name) || !"열려라-4711".equals(word)) {
      wire.send(inCp949("\r\n틀립니다 " + name + "\r\n"));
      return;
    }
    wire.send(telnet(255, 250, 42, 1, ';', 'U', 'T', 'F', '-', '8', ';', 'C', 'P', '9', '4', '9'));
    wire.send(telnet(255, 240));
    wire.send(inCp949("\r\n펲시 서버> "));
    for (String line = wire.line(CP949);
        line != null && !line.equals("bye");
        line = wire.line(CP949)) {
      for (byte one : inCp949("\r\n안녕하세요 ")) {
        wire.send(new byte[] {one});
      }
      wire.say(line.equals("홍길동") ? "known" : "unknown");
      wire.send(inCp949("\r\n펲시 서버> "));
    }
  }

  private static byte[] telnet(int... bytes) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = (byte) bytes[i];
    }
    return out;
  }

  private static byte[] inCp949(String text) {
    return text.getBytes(CP949);
  }

  /// A machine that wants to know how fast the terminal is, warns everybody whom it lets in, and
  /// hangs up on who is wrong.
  private static void playChatty(ScriptedSwitch.Wire wire) throws IOException {
    wire.send(telnet(255, 253, 32)); // DO TERMINAL-SPEED
    wire.send(telnet(255, 250, 32, 1, 255, 240)); // SEND
    wire.say("login: ");
    wire.line();
    wire.say("\r\nPassword: ");
    if (!"right".equals(wire.line())) {
      wire.say("\r\nPermission denied.\r\n");
      return;
    }
    wire.say("\r\nLast failed login: Mon from 10.0.0.9\r\n");
    wire.say("Permission denied (publickey)? Access denied to a share? Ask the desk.\r\n");
    wire.say("chatty$ ");
    wire.line();
  }

  /// A machine that shows its prompt and reads nothing.
  private static void playDeaf(ScriptedSwitch.Wire wire) throws IOException {
    wire.say("deaf> ");
    try {
      DONE.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void refuse(ScriptedSwitch.Wire wire) throws IOException {
    wire.say("Username: ");
    wire.line();
    wire.say("\r\nPassword: ");
    wire.line();
    wire.say("\r\n% Login invalid\r\n\r\nUsername: ");
    wire.line();
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    DONE.countDown();
    deaf.close();
    chatty.close();
    old.close();
    strict.close();
    odd.close();
    telnetd.close();
    sshd.close();
  }

  @Test
  void debiansTelnetReachesDebiansTelnetdAndTheRecordHoldsNoPassword() throws IOException {
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice+operator+lab");
      telnet.awaitOutput("lab$ ", Deadlines.ACTION);
      telnet.type("echo through-$((40+2)); tty\r").awaitOutput("through-42", Deadlines.ACTION);
      telnet
          .type("read -s -p 'More: ' x; echo seen-${#x}\r")
          .awaitOutput("More: ", Deadlines.ACTION);
      telnet.type("unseen-4711-word\r").awaitOutput("seen-16", Deadlines.ACTION);
      telnet.type("exit\r");
      telnet.await(Deadlines.ACTION);
      assertThat(telnet.stdout()).contains("Welcome to the lab, operator");
    }
    JsonNode session = awaitEnded("lab");
    assertThat(session.path("protocol").asString("")).isEqualTo("telnet");
    assertThat(session.path("account").asString("")).isEqualTo("operator");
    assertThat(session.path("factors").asString("")).isEqualTo("password");
    String id = session.path("id").asString("");
    assertThat(gate.ongsung("replay", id, "--no-timing")).contains("through-42", "Welcome to the");
    String raw = gate.ongsung("replay", id, "--raw");
    assertThat(raw).contains("\"i\"").contains("[hidden input]").doesNotContain("unseen-4711");
    for (String secret : List.of(TelnetServer.PASSWORD, PASSWORD, "unseen-4711-word")) {
      assertThat(Folders.filesWith(gate.data(), secret)).as(secret).isEmpty();
      assertThat(raw).doesNotContain(secret);
      assertThat(gate.ongsung("ledger", "export")).doesNotContain(secret);
    }
    assertThat(gate.ledger("code=session.start&session=" + id).getFirst().toString())
        .contains("telnet");
  }

  @Test
  void aBrowserReachesATelnetTargetAndTheGuidesCommandsShowIt() throws IOException {
    try (Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser chromium =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                        .setArgs(List.of("--no-sandbox")))) {
      Page page = chromium.newPage();
      page.setDefaultTimeout((double) Deadlines.SERVICE.toMillis());
      String console = "http://127.0.0.1:" + gate.httpPort();
      page.navigate(console + "/login");
      page.fill("#name", "alice");
      page.fill("#password", PASSWORD);
      page.press("#password", "Enter");
      page.waitForURL(console + "/");
      page.navigate(console + "/terminal/old/operator");
      page.waitForCondition(() -> screen(page).contains("펲시 서버>"));
      page.keyboard().insertText("홍길동");
      page.keyboard().press("Enter");
      page.waitForCondition(() -> screen(page).contains("안녕하세요 known"));
      page.keyboard().type("bye");
      page.keyboard().press("Enter");
      page.waitForSelector("#terminal[data-state=over]");
      page.navigate(console + "/terminal/lab");
      page.click("a[href$='/terminal/lab/operator']");
      page.waitForCondition(() -> screen(page).contains("lab$"));
      page.keyboard().insertText("echo by-browser-$((40+2))");
      page.keyboard().press("Enter");
      page.waitForCondition(() -> screen(page).contains("by-browser-42"));
      assertThat(screen(page)).doesNotContain(TelnetServer.PASSWORD);
      itsOwnerSeesThatSomebodyWatches(page);
      page.keyboard().type("exit");
      page.keyboard().press("Enter");
      page.waitForSelector("#terminal[data-state=over]");
    }
    String id = awaitEnded("lab").path("id").asString("");
    List<String> commands =
        GuideScript.blocks("docs/guide/terminal.md", "sh").getFirst().lines().toList();
    assertThat(gate.ongsung(words(commands.getFirst()))).contains(id);
    assertThat(gate.ongsung(words(commands.getLast()))).contains("by-browser-42");
  }

  private static void itsOwnerSeesThatSomebodyWatches(Page page) throws IOException {
    String id = gate.sessions("state=live&target=lab").getFirst().path("id").asString("");
    String path = "/api/v1/sessions/" + id + "/channels/0/live";
    String token = Files.readAllLines(gate.data().resolve("cli-token")).getFirst();
    HttpRequest watching =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gate.httpPort() + path))
            .header("Authorization", "Bearer " + token)
            .build();
    assertThat(page.isVisible("#terminal-watched")).isFalse();
    try (HttpClient auditor = HttpClient.newHttpClient()) {
      var _ = auditor.sendAsync(watching, BodyHandlers.ofInputStream());
      page.waitForSelector("#terminal-watched:not([hidden])");
      auditor.shutdownNow();
    }
    // Which the gateway notices when it has something to show.
    page.waitForCondition(
        () -> {
          page.keyboard().press("Enter");
          return !page.isVisible("#terminal-watched");
        });
  }

  private static String[] words(String command) {
    assertThat(command).startsWith("ongsung ");
    return command.substring("ongsung ".length()).split(" ", -1);
  }

  private static String screen(Page page) {
    return page.locator("#terminal-screen .xterm-rows").innerText().replace('\u00a0', ' ');
  }

  @Test
  void puttysPlinkReachesTelnetd() {
    try (RunningProgram plink =
        Program.of("plink", "-telnet", "-P", Integer.toString(TELNET), "127.0.0.1").start()) {
      logIn(plink, "alice+operator+lab");
      plink.awaitOutput("lab$ ", Deadlines.ACTION);
      plink.type("echo by-plink-$((40+2))\r").awaitOutput("by-plink-42", Deadlines.ACTION);
      plink.type("exit\r");
      plink.await(Deadlines.ACTION);
    }
  }

  @Test
  void sshReachesATelnetTargetWithItsTerminal() {
    try (RunningProgram ssh =
        gate.client(key).sshOnTerminal("-tt", "alice+operator+lab@127.0.0.1").start()) {
      ssh.awaitOutput("lab$ ", Deadlines.ACTION);
      ssh.type("echo over-ssh-$((40+2)); stty size; echo T=$TERM\n");
      ssh.awaitOutput("over-ssh-42", Deadlines.ACTION);
      ssh.awaitOutput("T=xterm", Deadlines.ACTION);
      ssh.type("exit\n");
      assertThat(ssh.await(Deadlines.ACTION).exit()).isZero();
      assertThat(ssh.stdout()).contains("Welcome to the lab").doesNotContain(TelnetServer.PASSWORD);
    }
  }

  @Test
  void anOldMachinesKoreanIsSeenTypedRecordedAndFoundFromAnyFront() {
    try (RunningProgram ssh =
        gate.client(key).sshOnTerminal("-tt", "alice+operator+old@127.0.0.1").start()) {
      ssh.awaitOutput("펲시 서버>", Deadlines.ACTION).type("홍길동\r");
      ssh.awaitOutput("안녕하세요 known", Deadlines.ACTION).type("bye\r");
      ssh.await(Deadlines.ACTION);
    }
    assertThat(old.received()).as("agreed on").contains("\u00ff\u00fa*\u0002CP949");
    String id = awaitEnded("old").path("id").asString("");
    assertThat(gate.ongsung("replay", id, "--no-timing")).contains("펲시 서버>", "안녕하세요 known");
    gate.awaitSearch();
    Deadlines.await(
        "its Korean is found",
        () -> gate.ongsung("search", "안녕하세요", "--target", "old").contains(id));
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice+operator+old");
      telnet.awaitOutput("펲시 서버>", Deadlines.ACTION).type("홍길동\r");
      telnet.awaitOutput("안녕하세요 known", Deadlines.ACTION).type("bye\r");
      telnet.await(Deadlines.ACTION);
    }
  }

  @Test
  void aTelnetTargetRunsNoCommandsAndSaysHowToGetATerminal() {
    CompletedProgram refused =
        gate.client(key).ssh("alice+operator+lab@127.0.0.1", "id").run().expectExit(126);
    assertThat(refused.stderr()).contains("Telnet", "ssh -t");
  }

  @Test
  void telnetReachesAnSshTarget() {
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice+web-1");
      telnet.type("echo in-by-telnet-$((40+2)); echo T=$TERM; exit\r");
      telnet.awaitOutput("in-by-telnet-42", Deadlines.ACTION);
      telnet.awaitOutput("T=xterm", Deadlines.ACTION);
      telnet.await(Deadlines.ACTION);
    }
    JsonNode session = awaitEnded("web-1");
    assertThat(session.path("protocol").asString("")).isEqualTo("ssh");
  }

  @Test
  void theMenuIsTheSameAndLeadsToATelnetTarget() {
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice");
      telnet.awaitOutput("Where to?", Deadlines.ACTION).type("odd\r");
      telnet.awaitOutput("odd=>", Deadlines.ACTION);
      telnet.type("hello\r").awaitOutput("[hello]", Deadlines.ACTION).type("bye\r");
      telnet.await(Deadlines.ACTION);
      assertThat(telnet.stdout()).contains("Willkommen").doesNotContain("s3cret-of-odd");
    }
    String id = awaitEnded("odd").path("id").asString("");
    assertThat(gate.ongsung("replay", id, "--no-timing"))
        .contains("Ihre Losung? ********")
        .doesNotContain("s3cret-of-odd");
  }

  @Test
  void aRefusedPasswordEndsWithWordsThatSayWhatToDo() {
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice+strict");
      telnet.awaitOutput("did not accept the credential", Deadlines.ACTION);
      telnet.await(Deadlines.ACTION);
    }
    JsonNode session = gate.awaitEnd("target=strict");
    assertThat(session.path("state").asString("")).isEqualTo("failed");
    assertThat(session.path("cause").asString("")).isEqualTo("credential-refused");
  }

  @Test
  void aMessageOfTheDayThatSpeaksOfRefusalsIsNone() {
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice+admin+chatty");
      telnet.awaitOutput("chatty$ ", Deadlines.ACTION).type("bye\r");
      telnet.await(Deadlines.ACTION);
      assertThat(telnet.stdout()).contains("Ask the desk.");
    }
    assertThat(awaitEnded("chatty").path("account").asString("")).isEqualTo("admin");
    assertThat(chatty.received())
        .as("RFC 1079")
        .contains("\u00ff\u00fa \u000038400,38400\u00ff\u00f0");
  }

  @Test
  void whoHangsUpOnAWrongPasswordHasRefusedIt() {
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice+gone+chatty");
      telnet.awaitOutput("did not accept the credential", Deadlines.ACTION);
      telnet.await(Deadlines.ACTION);
    }
    JsonNode session = gate.awaitEnd("target=chatty");
    assertThat(session.path("state").asString("")).isEqualTo("failed");
    assertThat(session.path("cause").asString("")).isEqualTo("credential-refused");
  }

  @Test
  void withoutAStoredPasswordThePersonLogsInAndItIsNotRecorded() throws IOException {
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice+by-hand+lab");
      telnet.awaitOutput("lab login:", Deadlines.ACTION).type(TelnetServer.LOGIN + "\r");
      int asked = telnet.stdout().length();
      Deadlines.await(
          "the target asks for the password",
          () -> telnet.stdout().substring(asked).contains("Password:"));
      telnet.type(TelnetServer.PASSWORD + "\r").awaitOutput("lab$ ", Deadlines.ACTION);
      telnet.type("exit\r");
      telnet.await(Deadlines.ACTION);
    }
    assertThat(Folders.filesWith(gate.data(), TelnetServer.PASSWORD)).isEmpty();
    JsonNode session = awaitEnded("lab");
    assertThat(session.path("account").asString("")).isEqualTo("by-hand");
    String id = session.path("id").asString("");
    assertThat(gate.ongsung("replay", id, "--raw"))
        .contains("[hidden input]")
        .doesNotContain(TelnetServer.PASSWORD);
  }

  @Test
  void theSizeOfAWindowReachesTheTargetAndSoDoesItsChange() {
    try (RawTelnetClient client = new RawTelnetClient("127.0.0.1", TELNET)) {
      client.send(255, 251, 31); // WILL NAWS
      client.await("login:").type("alice+operator+lab\r\0");
      client.await("Password:").type(PASSWORD + "\r\0");
      client.await("lab$ ");
      for (int[] size : new int[][] {{100, 40}, {132, 50}}) {
        client.send(255, 250, 31, 0, size[0], 0, size[1], 255, 240);
        Deadlines.await(
            "the target knows of " + size[0] + " columns",
            () -> {
              client.type("stty size\r\0");
              Thread.sleep(200);
              return client.text().contains(size[1] + " " + size[0]);
            });
      }
      client.type("exit\r\0").awaitEnd(Deadlines.ACTION);
    }
  }

  @Test
  void nobodyLearnsWhatThereIsAndFailuresAreInTheLedger() {
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice+no-such-target");
      telnet.awaitOutput("You have no access under that name", Deadlines.ACTION);
      telnet.await(Deadlines.ACTION);
    }
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice++lab");
      telnet.await(Deadlines.ACTION);
    }
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "bob");
      telnet.await(Deadlines.ACTION);
    }
    Deadlines.await(
        "each refusal is in the ledger",
        () -> {
          String denied = gate.ledger("code=access.denied").toString();
          return denied.contains("no such target")
              && denied.contains("malformed address")
              && denied.contains("no target to reach");
        });
    try (RunningProgram telnet = telnet()) {
      telnet.awaitOutput("login:", Deadlines.ACTION).type("nobody\r");
      telnet.awaitOutput("Password:", Deadlines.ACTION).type("nonsense\r");
      telnet.awaitOutput("Login incorrect.", Deadlines.ACTION);
    }
    assertThat(gate.ledger("code=login.failure").toString()).contains("nobody", "telnet");
  }

  @Test
  void anAddressThatFailsByTelnetIsBlockedForEveryFrontUntilItIsReleased() {
    String address = "127.0.0.81";
    for (int round = 0; round < 3 && !isBlocked(address); round++) {
      failToLogIn(address, 10); // at once, so that nobody's pause comes before another's attempt
    }
    assertThat(gate.ledger("code=login.blocked&text=" + address))
        .filteredOn(event -> event.path("details").has("failures"))
        .singleElement()
        .satisfies(
            event -> assertThat(event.path("details").path("failures").asInt(0)).isEqualTo(10));
    try (RawTelnetClient alice = logIn(address)) {
      alice.await("Try again in").awaitEnd(Deadlines.ACTION);
    }
    bySsh(address).run().expectExit(255);
    assertThat(bySsh("127.0.0.82").run().exit()).as("from elsewhere").isNotEqualTo(255);
    gate.ongsung("block", "release", address);
    try (RawTelnetClient alice = logIn(address)) {
      alice.await("lab$ ").type("exit\r\0").awaitEnd(Deadlines.ACTION);
    }
  }

  private static Program bySsh(String source) {
    return gate.client(key).ssh("-b", source, "alice+web-1@127.0.0.1", "true");
  }

  private static boolean isBlocked(String address) {
    return gate.ongsung("block", "list").contains(address);
  }

  private static void failToLogIn(String address, int times) {
    List<RawTelnetClient> mallories = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      mallories.add(new RawTelnetClient(address, TELNET));
    }
    mallories.forEach(client -> client.await("login:").type("mallory\r\0").await("Password:"));
    mallories.forEach(client -> client.type("a wrong password\r\0"));
    for (RawTelnetClient client : mallories) {
      try (client) {
        Deadlines.await(
            "it is told", () -> client.text().contains("Login incorrect") || client.ended());
      }
    }
  }

  private static RawTelnetClient logIn(String source) {
    RawTelnetClient client = new RawTelnetClient(source, TELNET);
    client.await("login:").type("alice+operator+lab\r\0");
    return client.await("Password:").type(PASSWORD + "\r\0");
  }

  @Test
  void whoLeavesATargetThatReadsNothingHasLeft() throws InterruptedException {
    RawTelnetClient client = new RawTelnetClient("127.0.0.1", TELNET);
    client.await("login:").type("alice+deaf\r\0");
    client.await("Password:").type(PASSWORD + "\r\0");
    client.await("deaf> ");
    AtomicLong typed = new AtomicLong();
    Thread typing =
        Thread.ofVirtual().start(() -> typeOn(client, typed)); // until nobody takes any more of it
    for (long before = -1; before < typed.get(); ) {
      before = typed.get();
      Thread.sleep(2_000);
    }
    client.close();
    typing.join();
    JsonNode session = awaitEnded("deaf");
    assertThat(session.path("cause").asString("")).isEqualTo("person-left");
  }

  private static void typeOn(RawTelnetClient client, AtomicLong typed) {
    byte[] keys = "x".repeat(16_384).getBytes(StandardCharsets.US_ASCII);
    try {
      while (true) {
        client.send(keys);
        typed.addAndGet(keys.length);
      }
    } catch (UncheckedIOException e) {
      // It is closed.
    }
  }

  @Test
  void anAdministratorEndsASessionAndThePersonReadsWhy() {
    try (RunningProgram telnet = telnet()) {
      logIn(telnet, "alice+operator+lab");
      telnet.awaitOutput("lab$ ", Deadlines.ACTION);
      String id = gate.sessions("state=live").getFirst().path("id").asString("");
      gate.ongsung("session", "terminate", id, "--reason", "maintenance begins");
      telnet.awaitOutput("maintenance begins", Deadlines.ACTION);
      telnet.await(Deadlines.ACTION);
      Deadlines.await(
          "its end is listed", () -> gate.sessions("state=terminated").toString().contains(id));
    }
  }

  @Test
  void aSynchTearsNothingApartAndAnInterruptReachesTheTarget() {
    try (RawTelnetClient client = new RawTelnetClient("127.0.0.1", TELNET)) {
      client.await("login:").type("alice+operator+lab\r\0");
      client.await("Password:").type(PASSWORD + "\r\0");
      client.await("lab$ ").type("echo started; sleep 600\r\0").await("started\r\n");
      client.send(255, 244, 255).urgent(242).type("\r\0echo after-$((40+2))\r\0");
      client.await("after-42").type("exit\r\0");
    }
  }

  @Test
  void aChosenLanguageCountsOnceTheLoginIsKnown() {
    assertThat(whatBobIsTold()).contains("You have no access under that name");
    gate.ongsung("user", "set", "bob", "--language", "ko");
    assertThat(whatBobIsTold()).contains("그 이름으로는 접속할 수 없습니다").contains("Password:");
    gate.ongsung("user", "set", "bob", "--language", "auto");
    assertThat(whatBobIsTold()).contains("You have no access under that name");
  }

  private static String whatBobIsTold() {
    try (RawTelnetClient client = new RawTelnetClient("127.0.0.1", TELNET)) {
      client.await("login:").type("bob+admin+odd\r\0");
      client.await("Password:").type(PASSWORD + "\r\0");
      return client.awaitEnd(Deadlines.ACTION).text();
    }
  }

  private static RunningProgram telnet() {
    return Program.of("telnet", "-8E", "127.0.0.1", Integer.toString(TELNET)).start();
  }

  private static void logIn(RunningProgram telnet, String address) {
    telnet.awaitOutput("login:", Deadlines.ACTION).type(address + "\r");
    telnet.awaitOutput("Password:", Deadlines.ACTION).type(PASSWORD + "\r");
  }

  private static JsonNode awaitEnded(String target) {
    JsonNode session = gate.awaitEnd("target=" + target);
    assertThat(session.path("state").asString("")).isEqualTo("ended");
    return session;
  }
}
