package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.FilePayload;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.HouseGateway.HouseSession;
import org.ongsung.console.house.Screenshots;
import org.ongsung.console.house.SlowUpload;
import org.ongsung.gateway.files.FileLimits;
import org.ongsung.gateway.files.Upload;
import org.ongsung.model.EndReason;

/// The pages with a target's files, in a real browser and without, and their bounds.
@Timeout(300)
class FilePagesTest {
  private static final String HERE = "/files/web-1/deploy";
  private static final int MOST_BYTES = 1_000_000;

  private static ConsoleHouse house;
  private static Playwright playwright;
  private static com.microsoft.playwright.Browser chromium;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start(limits(50, Duration.ofHours(1)));
    playwright = Screenshots.playwright();
    chromium = playwright.chromium().launch(Screenshots.options());
  }

  @AfterAll
  static void stop() {
    chromium.close();
    playwright.close();
    house.close();
  }

  private static FileLimits limits(int perPerson, Duration idle) {
    return new FileLimits(4, 2, 4, Duration.ofSeconds(60), MOST_BYTES, perPerson, 50, idle);
  }

  private static HttpResponse<String> upload(Browser browser, String token, int bytes)
      throws Exception {
    String head = "--b\r\nContent-Disposition: form-data; name=\"";
    String body =
        head
            + "_csrf\"\r\n\r\n"
            + token
            + "\r\n"
            + head
            + "file\"; filename=\"n"
            + bytes
            + "\"\r\n\r\n"
            + "y".repeat(bytes)
            + "\r\n--b--\r\n";
    return browser.send(
        HttpRequest.newBuilder(house.uri(HERE + "/upload?path=/home/deploy"))
            .header("Content-Type", "multipart/form-data; boundary=b")
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void aBrowserUploadsAndDownloadsUnderKoreanNames() throws Exception {
    try (BrowserContext context =
        chromium.newContext(
            new com.microsoft.playwright.Browser.NewContextOptions().setLocale("ko-KR"))) {
      context.setDefaultTimeout(100_000);
      Page page = context.newPage();
      List<String> complaints = new ArrayList<>();
      page.onConsoleMessage(message -> complaints.add(message.text()));
      Screenshots.logIn(page, house, "alice");
      page.navigate(house.uri(HERE + "?path=/home/deploy/급여").toString());
      page.click("summary:has(+ #upload)");
      byte[] content = "합계 1,234원\r\n--끝--\r\n".getBytes(StandardCharsets.UTF_8);
      page.setInputFiles(
          "#upload input[type=file]", new FilePayload("7월 \"보고서\".txt", "text/html", content));
      page.click("#upload button");
      page.waitForSelector("a[download]:has-text('7월')");
      assertThat(house.files().content("/home/deploy/급여/7월 \"보고서\".txt")).isEqualTo(content);
      Download download = page.waitForDownload(() -> page.click("a[download]:has-text('합계')"));
      assertThat(download.suggestedFilename()).isEqualTo("합계.txt");
      assertThat(Files.readString(download.path())).isEqualTo("x".repeat(12));
      assertThat(page.locator("h1").innerText()).contains("파일");
      assertThat(complaints).noneMatch(line -> line.contains("Content Security Policy"));
    }
  }

  @Test
  void noFileOfATargetRunsAsAPage() throws Exception {
    try (Browser alice = Browser.of(house, "alice")) {
      HttpResponse<String> file = alice.get(HERE + "/content?path=/home/deploy/README.md");
      assertThat(file.statusCode()).isEqualTo(200);
      assertThat(file.headers().firstValue("Content-Type")).contains("application/octet-stream");
      assertThat(file.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(file.headers().firstValue("Content-Disposition").orElse(""))
          .startsWith("attachment;");
      assertThat(file.headers().allValues("Content-Security-Policy"))
          .anySatisfy(policy -> assertThat(policy).contains("sandbox"));
      String page = alice.get(HERE).body();
      assertThat(page).contains("&lt;img").doesNotContain("<img src=x");
    }
  }

  @Test
  void aFormOfAnotherSiteSendsNoFile() throws Exception {
    try (Browser alice = Browser.of(house, "alice")) {
      assertThat(upload(alice, "x".repeat(43), 7).statusCode()).isEqualTo(403);
      assertThat(house.files().content("/home/deploy/n7")).isNull();
      assertThat(upload(alice, alice.csrf(), 7).statusCode()).isEqualTo(303);
      assertThat(house.files().content("/home/deploy/n7")).hasSize(7);
    }
  }

  @Test
  void aFileHasSoManyBytesAndHalfOfOneDoesNotStay() throws Exception {
    try (Browser alice = Browser.of(house, "alice")) {
      assertThat(upload(alice, alice.csrf(), MOST_BYTES).statusCode()).isEqualTo(303);
      assertThat(house.files().content("/home/deploy/n" + MOST_BYTES)).hasSize(MOST_BYTES);
      assertThat(upload(alice, alice.csrf(), MOST_BYTES + 1).statusCode()).isEqualTo(413);
      assertThat(house.files().content("/home/deploy/n" + (MOST_BYTES + 1))).isNull();
    }
  }

  private static long partsInHome() throws Exception {
    return house.files().names("/home/deploy").stream()
        .filter(name -> name.startsWith(Upload.HIDDEN))
        .count();
  }

  private static void partsInHome(long count) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
    while (partsInHome() != count) {
      assertThat(System.nanoTime()).as("%s uploads are under way", count).isLessThan(end);
      Thread.sleep(10);
    }
  }

  private static SlowUpload slow(Browser browser, String name) throws Exception {
    return new SlowUpload(house, browser, HERE + "/upload?path=/home/deploy", name);
  }

  @Test
  void aBrowserThatLeavesHalfWayLeavesTheOldFileAndNothingElse() throws Exception {
    try (Browser alice = Browser.of(house, "alice")) {
      assertThat(upload(alice, alice.csrf(), 11).statusCode()).isEqualTo(303);
      try (SlowUpload half = slow(alice, "n11")) {
        partsInHome(1);
        assertThat(house.files().content("/home/deploy/n11")).hasSize(11);
      }
      partsInHome(0);
      assertThat(house.files().content("/home/deploy/n11")).hasSize(11);
      try (SlowUpload whole = slow(alice, "n11")) {
        assertThat(whole.finish()).isEqualTo(303);
      }
      assertThat(house.files().content("/home/deploy/n11")).hasSize(2_000);
    }
  }

  @Test
  void soManyTransfersRunAtOnceAndOneMoreIsTurnedAway() throws Exception {
    try (Browser alice = Browser.of(house, "alice");
        SlowUpload first = slow(alice, "first");
        SlowUpload second = slow(alice, "second")) {
      partsInHome(2);
      HttpResponse<String> third = upload(alice, alice.csrf(), 12);
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(third.headers().firstValue("Retry-After")).isPresent();
      assertThat(third.body()).contains("Too many transfers at once");
      assertThat(house.files().content("/home/deploy/n12")).isNull();
      assertThat(alice.get(HERE).statusCode()).isEqualTo(200); // looking around is none
      assertThat(first.finish()).isEqualTo(303);
      assertThat(upload(alice, alice.csrf(), 12).statusCode()).isEqualTo(303);
      assertThat(second.finish()).isEqualTo(303);
      partsInHome(0);
    }
  }

  private static Page uploadPage(BrowserContext context, String folder) {
    context.setDefaultTimeout(100_000);
    Page page = context.newPage();
    Screenshots.logIn(page, house, "alice");
    open(page, folder);
    return page;
  }

  private static void open(Page page, String folder) {
    page.navigate(house.uri(HERE + "?path=" + folder).toString());
    page.click("summary:has(+ #upload)");
  }

  private static void send(Page page, int bytes, String... names) {
    FilePayload[] files =
        java.util.Arrays.stream(names)
            .map(name -> new FilePayload(name, "text/plain", new byte[bytes]))
            .toArray(FilePayload[]::new);
    page.setInputFiles("#upload input[type=file]", files);
    page.click("#upload button[type=submit]");
  }

  private static String told(Page page) {
    page.waitForSelector("#upload-after:not([hidden])");
    return page.locator("#upload-state").innerText();
  }

  private static BrowserContext context(String locale) {
    return chromium.newContext(
        new com.microsoft.playwright.Browser.NewContextOptions().setLocale(locale));
  }

  @Test
  void anUploadIsCancelledFromTheKeyboardAndThePageSaysWhatBecameOfIt() throws Exception {
    try (BrowserContext context = context("en-US")) {
      Page page = uploadPage(context, "/home/deploy");
      JsonObject slowly = new JsonObject();
      slowly.addProperty("offline", false);
      slowly.addProperty("latency", 0);
      slowly.addProperty("downloadThroughput", -1);
      slowly.addProperty("uploadThroughput", 16_000);
      context.newCDPSession(page).send("Network.emulateNetworkConditions", slowly);
      send(page, MOST_BYTES, "slow.bin");
      page.waitForSelector("#upload-cancel:focus");
      partsInHome(1);
      page.keyboard().press("Enter");
      assertThat(told(page))
          .isEqualTo(
              "Not uploaded: slow.bin. Cancelled before all of it was sent. What was there before"
                  + " is as it was.");
      assertThat(page.evaluate("document.activeElement.type")).isEqualTo("submit");
      partsInHome(0);
      assertThat(house.files().content("/home/deploy/slow.bin")).isNull();
    }
  }

  @Test
  void aLoginThatIsOverIsNoSuccess() throws Exception {
    try (BrowserContext context = context("en-US")) {
      Page page = uploadPage(context, "/home/deploy");
      context.clearCookies();
      send(page, 10, "late.txt");
      assertThat(told(page)).isEqualTo("Not uploaded: late.txt. You are not logged in any more.");
      assertThat(house.files().content("/home/deploy/late.txt")).isNull();
      page.click("#upload-login");
      page.waitForURL(house.uri("/login") + "?next=*");
    }
  }

  @Test
  void whatWentWrongIsToldByItsCause() throws Exception {
    try (BrowserContext korean = context("ko-KR");
        BrowserContext english = context("en-US")) {
      Page page = uploadPage(korean, "/full");
      send(page, 10, "가.txt", "나.txt");
      assertThat(told(page)).startsWith("올리지 못한 파일: 가.txt. 대상에 남은 공간이 없거나");
      open(page, "/srv");
      send(page, 10, "가.txt");
      assertThat(told(page)).contains("대상에서 이 계정에 허용하지 않는 작업");
      page = uploadPage(english, "/home/deploy/급여");
      send(page, 10, "new.txt", "합계.txt");
      assertThat(told(page))
          .isEqualTo(
              "Not uploaded: 합계.txt. Something of that name is there already. Nothing was changed."
                  + " Files before it that are there: 1.");
      assertThat(house.files().content("/home/deploy/급여/new.txt")).hasSize(10);
      send(page, MOST_BYTES + 1, "long.bin");
      assertThat(told(page)).contains("larger than this gateway takes");
    }
  }

  @Test
  void whatAServerInFrontAnswersIsNotTakenForOurs() throws Exception {
    try (BrowserContext context = context("en-US")) {
      Page page = uploadPage(context, "/home/deploy");
      page.route(
          "**/upload?*",
          route ->
              route.fulfill(
                  new Route.FulfillOptions().setStatus(413).setBody("<h1>413 Too Large</h1>")));
      send(page, 10, "a");
      assertThat(told(page)).contains("web server in front does not take files of this size");
      page.unroute("**/upload?*");
      page.route(
          "**/upload?*",
          route ->
              route.fulfill(
                  new Route.FulfillOptions().setContentType("text/html").setBody("Welcome")));
      send(page, 10, "a");
      page.waitForSelector("#upload-state:has-text('answered with 200')");
      page.unroute("**/upload?*");
      page.route("**/upload?*", route -> route.abort("connectionreset"));
      send(page, 10, "a");
      page.waitForSelector("#upload-state:has-text('The connection broke off')");
    }
  }

  @Test
  void aFolderShowsSoManyEntriesAndSaysThatThereAreMore() throws Exception {
    try (Browser alice = Browser.of(house, "alice")) {
      assertThat(alice.get(HERE + "?path=/").body()).doesNotContain("there are more");
      assertThat(alice.get(HERE).body()).contains("Only 4 entries are shown");
    }
  }

  @Test
  void onePersonHasSoManySessionsAndLoggingOutEndsThem() throws Exception {
    try (ConsoleHouse small = ConsoleHouse.start(limits(2, Duration.ofHours(1)));
        Browser alice = Browser.of(small, "alice");
        Browser again = Browser.of(small, "alice")) {
      assertThat(alice.get(HERE).statusCode()).isEqualTo(200);
      assertThat(alice.get(HERE + "?path=/home").statusCode()).isEqualTo(200);
      assertThat(small.gateway().sessions()).hasSize(1);
      assertThat(alice.get("/files/web-1/root").statusCode()).isEqualTo(200);
      HttpResponse<String> refused = again.get(HERE);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      HouseSession session = small.gateway().sessions().getFirst();
      alice.get("/");
      assertThat(alice.post("/logout", Map.of()).statusCode()).isEqualTo(303);
      assertThat(session.over().get(100, TimeUnit.SECONDS).code())
          .isEqualTo(EndReason.Code.PERSON_LEFT);
      assertThat(again.get(HERE).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aSessionThatNobodyUsesEnds() throws Exception {
    try (ConsoleHouse quick = ConsoleHouse.start(limits(2, Duration.ofMillis(400)));
        Browser alice = Browser.of(quick, "alice")) {
      assertThat(alice.get(HERE).statusCode()).isEqualTo(200);
      assertThat(quick.gateway().sessions().getFirst().over().get(100, TimeUnit.SECONDS).code())
          .isEqualTo(EndReason.Code.PERSON_LEFT);
      assertThat(alice.get(HERE).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aGrantWithoutSftpIsAsNoTargetAndInTheLedger() throws Exception {
    try (Browser alice = Browser.of(house, "alice")) {
      int before = house.gateway().denials().size();
      HttpResponse<String> denied = alice.get("/files/payroll-db/postgres");
      HttpResponse<String> nowhere = alice.get("/files/nowhere-db/postgres");
      assertThat(denied.statusCode()).isEqualTo(404);
      assertThat(nowhere.statusCode()).isEqualTo(404);
      assertThat(house.gateway().denials().subList(before, before + 2))
          .containsExactly("alice payroll-db", "alice nowhere-db");
      assertThat(alice.get("/").body()).doesNotContain("/files/payroll-db/");
    }
  }
}
