package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.HouseGateway.HouseSession;
import org.ongsung.console.house.Screenshots;
import org.ongsung.model.EndReason;
import org.ongsung.testkit.CuttableProxy;

/// The terminal in a real browser, before a target that echoes.
@Timeout(300)
class BrowserTerminalTest {
  private static final double DEADLINE_MILLIS = 100_000;

  /// As where something on the way lets none through.
  private static final String NO_WEB_SOCKET =
      "window.WebSocket = class { constructor() { setTimeout(() => this.onclose?.({ code: 1006 })); } close() {} };";

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

  private static BrowserContext context() {
    BrowserContext context =
        chromium.newContext(
            new Browser.NewContextOptions()
                .setLocale("en-US")
                .setColorScheme(ColorScheme.LIGHT)
                .setReducedMotion(com.microsoft.playwright.options.ReducedMotion.REDUCE));
    context.setDefaultTimeout(DEADLINE_MILLIS);
    return context;
  }

  private static Page open(BrowserContext context) {
    Page page = context.newPage();
    Screenshots.logIn(page, house, "alice");
    page.navigate(house.uri("/terminal/payroll-db/postgres").toString());
    waitFor(page, "postgres@payroll-db:~$");
    return page;
  }

  /// Without evaluating text in the page, which its policy forbids.
  private static void waitFor(Page page, String text) {
    page.waitForCondition(() -> screen(page).contains(text));
  }

  private static String screen(Page page) {
    return page.locator("#terminal-screen .xterm-rows").innerText().replace('\u00a0', ' ');
  }

  private static HouseSession last() {
    return house.gateway().sessions().getLast();
  }

  @Test
  void whatIsTypedReachesTheTargetAndItsRecordAndNothingIsAgainstThePolicy() throws Exception {
    try (BrowserContext context = context()) {
      Page page = context.newPage();
      List<String> complaints = new ArrayList<>();
      page.onConsoleMessage(message -> complaints.add(message.text()));
      Screenshots.logIn(page, house, "alice");
      page.navigate(house.uri("/terminal/payroll-db/postgres").toString());
      waitFor(page, "환영합니다");
      HouseSession session = last();
      assertThat(session.client().front()).isEqualTo("browser");
      assertThat(page.getAttribute("#terminal", "data-way")).isEqualTo("socket");
      page.keyboard().type("ls -l");
      page.keyboard().press("Enter");
      waitFor(page, "$ ls -l");
      page.waitForCondition(() -> session.typed().equals("ls -l\r"));
      assertThat(session.shown()).contains("ls -l");
      page.keyboard().type("exit");
      page.keyboard().press("Enter");
      assertThat(session.over().get(100, TimeUnit.SECONDS).code())
          .isEqualTo(EndReason.Code.TARGET_LEFT);
      page.waitForSelector("#terminal[data-state=over]");
      page.waitForSelector("#terminal-again:focus");
      assertThat(complaints).noneMatch(line -> line.contains("Content Security Policy"));
    }
  }

  @Test
  void koreanIsComposedAsAnInputMethodDoes() {
    try (BrowserContext context = context()) {
      Page page = open(context);
      HouseSession session = last();
      CDPSession ime = context.newCDPSession(page);
      for (String composing : List.of("ㅎ", "하", "한")) {
        ime.send("Input.imeSetComposition", composition(composing));
      }
      JsonObject text = new JsonObject();
      text.addProperty("text", "한");
      ime.send("Input.insertText", text);
      for (String composing : List.of("ㄱ", "그", "글")) {
        ime.send("Input.imeSetComposition", composition(composing));
      }
      text.addProperty("text", "글");
      ime.send("Input.insertText", text);
      page.waitForCondition(() -> session.typed().equals("한글"));
      waitFor(page, "$ 한글");
      page.keyboard().press("Enter");
      page.waitForCondition(() -> session.typed().equals("한글\r"));
      assertThat(session.shown()).contains("한글");
    }
  }

  private static JsonObject composition(String text) {
    JsonObject composition = new JsonObject();
    composition.addProperty("text", text);
    composition.addProperty("selectionStart", text.length());
    composition.addProperty("selectionEnd", text.length());
    return composition;
  }

  @Test
  void whereNoWebSocketPassesEventsAndPostsCarryTheSame() throws Exception {
    try (BrowserContext context = context()) {
      context.addInitScript(NO_WEB_SOCKET);
      Page page = context.newPage();
      Screenshots.logIn(page, house, "alice");
      page.navigate(house.uri("/terminal/payroll-db/postgres").toString());
      waitFor(page, "postgres@payroll-db:~$");
      assertThat(page.getAttribute("#terminal", "data-way")).isEqualTo("events");
      HouseSession session = last();
      page.keyboard().type("echo by post 한글");
      page.keyboard().press("Enter");
      waitFor(page, "$ echo by post 한글");
      page.waitForCondition(() -> session.typed().equals("echo by post 한글\r"));
      page.keyboard().type("flood");
      page.keyboard().press("Enter");
      waitFor(page, "flooded");
      page.click("#terminal-leave");
      page.waitForSelector("#terminal[data-state=over]");
      assertThat(session.over().get(100, TimeUnit.SECONDS).code())
          .isEqualTo(EndReason.Code.PERSON_LEFT);
    }
  }

  private static BrowserContext context(String way) {
    BrowserContext context = context();
    if (way.equals("events")) {
      context.addInitScript(NO_WEB_SOCKET);
    }
    return context;
  }

  @ParameterizedTest
  @ValueSource(strings = {"socket", "events"})
  void aReloadAndABreakGoOnWithTheSameSessionAndNothingIsLost(String way) {
    try (BrowserContext context = context(way)) {
      Page page = open(context);
      HouseSession session = last();
      int sessions = house.gateway().sessions().size();
      page.keyboard().type("before");
      waitFor(page, "$ before");
      page.reload();
      waitFor(page, "$ before");
      context.setOffline(true);
      page.waitForSelector("#terminal[data-state=broken]");
      page.keyboard().type(" meanwhile");
      context.setOffline(false);
      page.waitForSelector("#terminal[data-state=live]");
      waitFor(page, "$ before meanwhile");
      assertThat(session.typed()).isEqualTo("before meanwhile");
      assertThat(house.gateway().sessions()).hasSize(sessions);
      assertThat(page.getAttribute("#terminal", "data-way")).isEqualTo(way);
    }
  }

  @Test
  void severalTabsAreSeveralSessionsAndEachGoesOnWithItsOwn() throws Exception {
    try (BrowserContext context = context()) {
      Page one = open(context);
      HouseSession first = last();
      Page two = context.newPage();
      two.navigate(house.uri("/terminal/payroll-db/postgres").toString());
      waitFor(two, "postgres@payroll-db:~$");
      HouseSession second = last();
      assertThat(second).isNotSameAs(first);
      int sessions = house.gateway().sessions().size();
      one.keyboard().type("in the first");
      two.keyboard().type("in the second");
      waitFor(one, "$ in the first");
      waitFor(two, "$ in the second");
      one.reload();
      two.reload();
      waitFor(one, "$ in the first");
      waitFor(two, "$ in the second");
      assertThat(house.gateway().sessions()).hasSize(sessions);
      two.click("#terminal-leave");
      two.waitForSelector("#terminal[data-state=over]");
      one.keyboard().type(" alone");
      waitFor(one, "$ in the first alone");
      assertThat(first.typed()).isEqualTo("in the first alone");
      assertThat(second.typed()).isEqualTo("in the second");
      assertThat(first.over()).isNotDone();
    }
  }

  /// The whole minute, on a network that breaks whatever is tried.
  @Test
  @Tag("long")
  void aBreakOfAMinuteIsNoEndAndNothingIsLost() {
    try (CuttableProxy network = CuttableProxy.start(house.uri("/").getPort());
        BrowserContext context = context()) {
      Page page = context.newPage();
      Screenshots.logIn(page, house, "alice");
      page.navigate("http://127.0.0.1:" + network.port() + "/terminal/payroll-db/postgres");
      waitFor(page, "postgres@payroll-db:~$");
      HouseSession session = last();
      int sessions = house.gateway().sessions().size();
      page.keyboard().type("before");
      waitFor(page, "$ before");
      network.goAway();
      page.waitForSelector("#terminal[data-state=broken]");
      page.keyboard().type(" meanwhile");
      page.waitForTimeout(59_500);
      assertThat(page.getAttribute("#terminal", "data-state")).isEqualTo("broken");
      network.comeBack();
      page.waitForSelector("#terminal[data-state=live]");
      page.keyboard().type(" after");
      waitFor(page, "$ before meanwhile after");
      assertThat(session.typed()).isEqualTo("before meanwhile after");
      assertThat(session.over()).isNotDone();
      assertThat(house.gateway().sessions()).hasSize(sessions);
    }
  }

  @Test
  void aChosenWordIsCopiedByButtonAndByKeysAndPasted() {
    try (BrowserContext context = context()) {
      context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
      Page page = open(context);
      HouseSession session = last();
      page.keyboard().type("copied-4711");
      waitFor(page, "$ copied-4711");
      chooseTheWordBeforeTheCursor(page);
      page.click("#terminal-copy");
      page.waitForCondition(() -> clipboard(page).equals("copied-4711"));
      page.keyboard().type(" ");
      page.click("#terminal-paste");
      waitFor(page, "$ copied-4711 copied-4711");
      assertThat(session.typed()).isEqualTo("copied-4711 copied-4711");
      page.evaluate("navigator.clipboard.writeText('another')");
      chooseTheWordBeforeTheCursor(page);
      page.keyboard().press("Control+Shift+KeyC");
      page.waitForCondition(() -> clipboard(page).equals("copied-4711"));
      assertThat(session.typed()).as("keys that copy are not typed").doesNotContain("C");
    }
  }

  private static void chooseTheWordBeforeTheCursor(Page page) {
    BoundingBox box = page.locator("#terminal-screen .xterm-screen").boundingBox();
    double column = number(page, "buffer.active.cursorX") - 1.5;
    double row = number(page, "buffer.active.cursorY") + 0.5;
    page.mouse()
        .dblclick(
            box.x + box.width * column / number(page, "cols"),
            box.y + box.height * row / number(page, "rows"));
  }

  private static double number(Page page, String ofTerminal) {
    return ((Number) page.evaluate("window.ongsungTerminal." + ofTerminal)).doubleValue();
  }

  private static String clipboard(Page page) {
    return String.valueOf(page.evaluate("navigator.clipboard.readText()"));
  }

  @Test
  void allOfTheScreenIsTakenAndGivenBack() {
    try (BrowserContext context = context()) {
      Page page = open(context);
      HouseSession session = last();
      page.waitForCondition(() -> !session.sizes().isEmpty());
      int sizes = session.sizes().size();
      page.click("#terminal-full");
      page.waitForCondition(() -> wholeScreen(page).equals("terminal"));
      page.waitForCondition(() -> session.sizes().size() > sizes);
      page.keyboard().type("big");
      waitFor(page, "$ big");
      page.click("#terminal-full");
      page.waitForCondition(() -> wholeScreen(page).isEmpty());
      page.keyboard().type("ger");
      waitFor(page, "$ bigger");
      assertThat(session.typed()).isEqualTo("bigger");
    }
  }

  private static String wholeScreen(Page page) {
    return String.valueOf(page.evaluate("document.fullscreenElement?.id ?? ''"));
  }

  @Test
  void aPasteLongerThanEveryQueueComesWholeAndAFloodComesToItsEnd() {
    try (BrowserContext context = context()) {
      Page page = open(context);
      HouseSession session = last();
      page.keyboard().type("flood");
      page.keyboard().press("Enter");
      waitFor(page, "flooded");
      String text = "가나다라마바사 0123456789".repeat(12_000);
      page.evaluate("text => window.ongsungTerminal.paste(text)", text);
      page.waitForCondition(() -> session.typed().length() >= text.length() + 6);
      assertThat(session.typed()).isEqualTo("flood\r" + text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"socket", "events"})
  void theTargetIsToldTheSizeOfTheWindow(String way) {
    try (BrowserContext context = context(way)) {
      Page page = open(context);
      HouseSession session = last();
      page.setViewportSize(700, 600);
      page.waitForCondition(() -> !session.sizes().isEmpty());
      String narrow = session.sizes().getLast();
      page.setViewportSize(1_200, 900);
      page.waitForCondition(() -> !session.sizes().getLast().equals(narrow));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"socket", "events"})
  void whatAnAdministratorSaysWhenTheyEndItIsShown(String way) {
    try (BrowserContext context = context(way)) {
      Page page = open(context);
      last().terminate("out of hours");
      waitFor(page, "out of hours");
      page.waitForSelector("#terminal[data-state=over]");
    }
  }
}
