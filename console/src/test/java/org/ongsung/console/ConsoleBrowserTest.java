package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Axe;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Screenshots;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLogLine;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobRequest;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.LeaseDesk;
import org.ongsung.jobs.LeasedJob;
import org.ongsung.jobs.Progress;
import org.ongsung.jobs.TakeRequest;
import org.ongsung.recording.RecordingId;

/// The pages in a real browser.
class ConsoleBrowserTest {
  private static final double DEADLINE_MILLIS = 100_000;
  private static ConsoleHouse house;
  private static Playwright playwright;
  private static Browser chromium;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    playwright = Screenshots.playwright();
    chromium = playwright.chromium().launch(Screenshots.options());
  }

  @AfterAll
  static void stop() {
    chromium.close();
    playwright.close();
    house.close();
  }

  private static BrowserContext context(ColorScheme theme, String locale) {
    BrowserContext context =
        chromium.newContext(
            new Browser.NewContextOptions()
                .setLocale(locale)
                .setTimezoneId("Asia/Seoul")
                .setColorScheme(theme)
                .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE));
    context.setDefaultTimeout(DEADLINE_MILLIS);
    return context;
  }

  /// Structure and colours of one page of each kind; [ConsoleScenesTest] walks them all.
  @Test
  void thePagesOfEveryDayHaveNoAccessibilityFaultThatAxeKnows() throws Exception {
    List<String> faults = new ArrayList<>();
    for (ColorScheme theme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      try (BrowserContext context = context(theme, "ko-KR")) {
        Page page = context.newPage();
        Screenshots.logIn(page, house, "admin");
        for (String path : List.of("/", "/sessions", "/ledger", "/users/-", "/profile")) {
          page.navigate(house.uri(path).toString());
          faults.addAll(Axe.faults(page, path, theme == ColorScheme.DARK));
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  /// Without evaluating text in the page, which its policy forbids.
  private static void waitForTerminal(Page page, String text) {
    page.waitForCondition(() -> page.locator("#player").innerText().contains(text));
  }

  @Test
  void aJobGoesOnUnderTheEyesOfWhoeverLooksAtIt() throws Exception {
    Job job = house.jobs().submit(JobRequest.now(new JobParameters.MakeBackup(3), "admin"));
    LeaseDesk desk = new LeaseDesk(house.jobs(), _ -> Optional.empty());
    try (BrowserContext context = context(ColorScheme.LIGHT, "ko-KR")) {
      Page page = context.newPage();
      Screenshots.logIn(page, house, "admin");
      page.navigate(house.uri("/jobs/" + job.id()).toString());
      assertThat(page.locator("#job").innerText()).contains("대기");
      LeasedJob leased =
          desk.take(
                  new TakeRequest("w", "gate", Set.of(JobKind.BACKUP), 1, "a-token-of-16-chars"),
                  Duration.ZERO)
              .getFirst();
      desk.begin(leased.id(), leased.token());
      JobLogLine line = new JobLogLine(1, house.samples().getFirst().startedAt(), 0, "<b>line");
      desk.report(leased.id(), leased.token(), new Progress(40, "copying"), List.of(line));
      page.waitForCondition(() -> page.locator("#job").innerText().contains("40 %"));
      page.waitForCondition(() -> page.locator("#job").innerText().contains("<b>line"));
      JobResult done = new JobResult.Written("b.tar.gz", 1, 0, "0".repeat(64), 0);
      desk.complete(leased.id(), leased.token(), done);
      page.waitForCondition(() -> page.locator("#job").innerText().contains("b.tar.gz"));
      page.waitForCondition(() -> page.locator(".danger-button").count() == 0);
    }
  }

  @Test
  void gettingInTakesTheKeyboardAlone() {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
    try (BrowserContext context = context(ColorScheme.LIGHT, "en-US")) {
      Page page = context.newPage();
      page.navigate(house.uri("/").toString());
      page.waitForSelector("#name:focus");
      page.keyboard().type("alice");
      page.keyboard().press("Tab");
      page.keyboard().type("correct horse");
      page.keyboard().press("Enter");
      page.waitForURL(house.uri("/").toString());
      page.waitForSelector("#search:focus");
      page.keyboard().type("pay");
      page.keyboard().press("Enter");
      page.waitForSelector("section.connect");
      assertThat(page.locator("section.connect").innerText())
          .contains("ssh -p 2222 alice+payroll-db@gate.example.com");
    }
  }

  @Test
  void aOneTimePortTakesTheKeyboardAloneAndFitsAPhone() {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.NOT_SEEN));
    try (BrowserContext context = context(ColorScheme.LIGHT, "en-US")) {
      Page page = context.newPage();
      page.setViewportSize(360, 740);
      Screenshots.logIn(page, house, "alice");
      page.keyboard().type("pay");
      page.waitForSelector("#found[data-q=pay]");
      page.keyboard().press("Enter");
      page.waitForSelector("section.connect");
      tabTo(page, "One-time Telnet port");
      page.keyboard().press("Enter");
      page.waitForSelector("a[href='telnet://gate.example.com:24007']:focus");
      assertThat(page.locator("section.connect").innerText())
          .contains("telnet gate.example.com 24007")
          .containsPattern("closes at .*10:01");
      assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .isEqualTo(true);
      tabTo(page, "Another port");
      page.keyboard().press("Enter");
      page.waitForSelector("a[href='telnet://gate.example.com:24007']:focus");
    }
  }

  private static void tabTo(Page page, String button) {
    for (int tabs = 0; tabs < 40; tabs++) {
      page.keyboard().press("Tab");
      if (button.equals(page.evaluate("document.activeElement.innerText"))) {
        return;
      }
    }
    throw new AssertionError("the keyboard does not reach " + button);
  }

  @Test
  void theArrowsChooseAndTypingGoesOnFromAnywhere() {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
    try (BrowserContext context = context(ColorScheme.LIGHT, "ko-KR")) {
      Page page = context.newPage();
      Screenshots.logIn(page, house, "alice");
      page.keyboard().type("web");
      page.waitForSelector("#found[data-q=web]");
      page.keyboard().press("ArrowDown");
      page.keyboard().type("w");
      assertThat(page.inputValue("#search")).isEqualTo("w");
      page.keyboard().type("eb-2");
      page.waitForSelector("#found[data-q='web-2']");
      page.keyboard().press("ArrowDown");
      page.keyboard().press("ArrowUp");
      assertThat(page.evaluate("document.activeElement.id")).isEqualTo("search");
      page.keyboard().press("ArrowDown");
      page.keyboard().press("Enter");
      page.waitForSelector("section.connect");
      assertThat(page.locator("section.connect").innerText()).contains("alice+web-2@");
    }
  }

  @Test
  void aStarStaysWhereItWasGiven() {
    try (BrowserContext context = context(ColorScheme.LIGHT, "en-US")) {
      Page page = context.newPage();
      Screenshots.logIn(page, house, "chulsoo");
      page.click("#star-build");
      page.waitForSelector("#star-build[aria-pressed=true]:focus");
      page.reload();
      page.waitForSelector("#star-build[aria-pressed=true]");
      assertThat(page.locator("#found h2").first().innerText()).isEqualTo("Starred");
      page.press("#star-build", "Enter");
      page.waitForSelector("#star-build[aria-pressed=false]");
    }
  }

  @Test
  void findingOutTakesThreeStepsAndTheKeyboardAlone() {
    try (BrowserContext context = context(ColorScheme.LIGHT, "en-US")) {
      Page page = context.newPage();
      Screenshots.logIn(page, house, "bora");
      page.navigate(house.uri("/sessions").toString());
      page.keyboard().press("/");
      page.keyboard().type("payroll");
      page.waitForURL("**text=payroll*");
      page.waitForCondition(() -> page.locator("#results tbody tr").count() == 1);
      page.focus("#results .row-link");
      page.keyboard().press("Enter");
      page.waitForURL("**/sessions/*");
      page.focus("table .row-link");
      page.keyboard().press("Enter");
      page.waitForURL("**/channels/0");
      waitForTerminal(page, "postgres@");
    }
  }

  @Test
  void aLinkToAMomentOpensThere() {
    try (BrowserContext context = context(ColorScheme.DARK, "ko-KR")) {
      Page page = context.newPage();
      List<String> console = new ArrayList<>();
      page.onConsoleMessage(message -> console.add(message.text()));
      Screenshots.logIn(page, house, "bora");
      String path = "/sessions/" + house.samples().get(1).id() + "/channels/0#t=9.5";
      page.navigate(house.uri(path).toString());
      waitForTerminal(page, "payroll=#");
      assertThat(console).noneMatch(line -> line.contains("Content Security Policy"));
    }
  }

  @Test
  void aLiveSessionIsSeenAsItHappens() {
    try (BrowserContext context = context(ColorScheme.DARK, "ko-KR")) {
      Page page = context.newPage();
      Screenshots.logIn(page, house, "bora");
      var id = new RecordingId(house.samples().getFirst().id(), 0);
      page.navigate(house.uri("/sessions/" + id.session() + "/channels/0").toString());
      waitForTerminal(page, "payroll=#");
      List<Long> delays = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        String typed = "drop table payroll_" + i + ";";
        page.evaluate(
            "text => { window.seen = new Promise(seen => { const box ="
                + " document.getElementById('player'); const look = () =>"
                + " box.innerText.includes(text) ? seen(Date.now()) : requestAnimationFrame(look);"
                + " look(); }); }",
            typed);
        long written = System.currentTimeMillis();
        house.recordings().line(id, "[" + (11 + i) + ".0, \"o\", \"\\r\\n" + typed + "\"]");
        Object seen = page.evaluate("window.seen");
        delays.add(((Number) seen).longValue() - written);
      }
      delays.sort(null);
      // A figure, no condition: only a page that shows nothing fails, at the deadline.
      System.out.printf(
          "live watch, recording to screen: median %d ms, longest %d ms of %d%n",
          delays.get(delays.size() / 2), delays.getLast(), delays.size());
    }
  }

  @Test
  @Tag("long")
  void aReplayIsPlayedFasterWithoutItsPausesAndOnTheWholeScreen() {
    var id = new RecordingId(house.samples().get(3).id(), 0);
    house.recordings().forget(id);
    house.recordings().line(id, "{\"version\": 2, \"width\": 80, \"height\": 24}");
    house.recordings().line(id, "[1.0, \"o\", \"before the pause\\r\\n\"]");
    for (int second = 0; second < 2_000; second++) {
      String text = "row " + second + "\\r\\n";
      house.recordings().line(id, "[" + (501 + second) + ".0, \"o\", \"" + text + "\"]");
    }
    try (BrowserContext context = context(ColorScheme.LIGHT, "en-US")) {
      Page page = context.newPage();
      Screenshots.logIn(page, house, "bora");
      page.navigate(house.uri("/sessions/" + id.session() + "/channels/0").toString());
      waitForTerminal(page, "row 0"); // at once: a pause of 500 seconds would outlast the wait
      page.waitForCondition(() -> duration(page) > 1 && duration(page) < 2_100);

      page.click("#skip"); // which the page turns once it knows the moment
      page.waitForCondition(() -> duration(page) > 2_400);
      page.waitForCondition(() -> moment(page)[1] > 500); // the same moment as before
      page.click("#skip");
      page.waitForCondition(() -> duration(page) < 2_100);

      page.selectOption("#speed", "16");
      page.waitForCondition(() -> moment(page)[1] > 3);
      double[] begun = moment(page);
      page.waitForCondition(() -> moment(page)[1] > begun[1] + 32);
      double[] ended = moment(page);
      assertThat((ended[1] - begun[1]) / (ended[0] - begun[0]))
          .as("seconds of the recording in one of the clock's")
          .isGreaterThan(3);

      page.click("#full");
      page.waitForCondition(() -> fullScreen(page).equals(true));
      page.evaluate("document.getElementById('full').click()");
      page.waitForCondition(() -> fullScreen(page).equals(false));
    }
  }

  private static double duration(Page page) {
    Object seconds = page.evaluate("async () => (await window.ongsungPlayer.getDuration()) ?? 0");
    return ((Number) seconds).doubleValue();
  }

  /// The clock's seconds and the player's.
  private static double[] moment(Page page) {
    List<?> both =
        (List<?>)
            page.evaluate(
                "async () => [performance.now() / 1000,"
                    + " (await window.ongsungPlayer.getCurrentTime()) ?? 0]");
    return both.stream().mapToDouble(one -> ((Number) one).doubleValue()).toArray();
  }

  private static Object fullScreen(Page page) {
    return page.evaluate(
        "document.getElementById('player').contains(document.fullscreenElement ?? document.body)");
  }
}
