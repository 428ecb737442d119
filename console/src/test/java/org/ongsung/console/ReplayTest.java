package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Screenshots;
import org.ongsung.console.http.Json;
import org.ongsung.recording.RecordingId;

/// Replays in parts: what the player reads of a recording, short or very long.
class ReplayTest {
  private ConsoleHouse house;
  private RecordingId id;

  @BeforeEach
  void start() throws Exception {
    house = ConsoleHouse.start();
    id = new RecordingId(house.samples().get(3).id(), 0);
  }

  @AfterEach
  void stop() {
    house.close();
  }

  private String api(String rest) {
    return "/api/v1/sessions/" + id.session() + "/channels/" + id.channel() + "/" + rest;
  }

  private Map<?, ?> read(Browser browser, String path) throws Exception {
    HttpResponse<String> answer = browser.get(path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return (Map<?, ?>) Json.parse(answer.body());
  }

  /// A recording of so many lines of 1,000 characters, one each tenth of a second.
  private void write(int lines) {
    house.recordings().forget(id);
    house
        .recordings()
        .line(id, "{\"version\": 2, \"width\": 100, \"height\": 30, \"timestamp\": 1795000000}");
    StringBuilder frame = new StringBuilder();
    for (int i = 1; i <= lines; i++) {
      String text = "row " + i + " " + "abcdefghij ".repeat(90);
      frame.append("[").append(i / 10.0).append(", \"o\", \"").append(text).append("\\r\\n\"]");
      if (i % 1_000 == 0 || i == lines) {
        house.recordings().line(id, frame.toString());
        frame.setLength(0);
      } else {
        frame.append('\n');
      }
    }
  }

  @Test
  void thePartsHaveEveryEventOnceAndFitTogether() throws Exception {
    write(5_000);
    try (Browser bora = Browser.of(house, "bora")) {
      Map<?, ?> index = read(bora, api("timeline"));
      List<?> segments = (List<?>) index.get("segments");
      assertThat(segments).hasSizeBetween(4, 6);
      assertThat(index.get("term")).isEqualTo(Map.of("cols", 100, "rows", 30));
      List<Object> texts = new ArrayList<>();
      for (int part = 0; part < segments.size(); part++) {
        Map<?, ?> segment = (Map<?, ?>) segments.get(part);
        Map<?, ?> read = read(bora, api(String.valueOf(segment.get("url"))));
        List<?> events = (List<?>) read.get("events");
        Object first = ((List<?>) events.getFirst()).getFirst();
        Object last = ((List<?>) events.getLast()).getFirst();
        String screen = String.valueOf(((Map<?, ?>) read.get("snapshot")).get("init"));
        if (part == 0) {
          assertThat(screen).isEmpty();
        } else {
          assertThat(first).isEqualTo(segment.get("start"));
          assertThat(screen).endsWith(texts.getLast().toString());
        }
        if (part == segments.size() - 1) {
          assertThat(last).isEqualTo(index.get("duration"));
          events = events.subList(0, events.size() - 1);
        }
        events.forEach(event -> texts.add(((List<?>) event).getLast()));
      }
      assertThat(texts).hasSize(5_000);
      assertThat(texts.getFirst().toString()).startsWith("row 1 ");
      assertThat(texts.getLast().toString()).startsWith("row 5000 ");
    }
  }

  @Test
  void pausesAreShortenedAndTheIndexSaysWhere() throws Exception {
    house.recordings().forget(id);
    house.recordings().line(id, "{\"version\": 2, \"width\": 80, \"height\": 24}");
    house.recordings().line(id, "[1.0, \"o\", \"a\"]");
    house.recordings().line(id, "[2.0, \"i\", \"typed\"]");
    house.recordings().line(id, "[101.0, \"o\", \"b\"]");
    try (Browser bora = Browser.of(house, "bora")) {
      Map<?, ?> index = read(bora, api("timeline?idle=2"));
      assertThat(index.get("cuts")).isEqualTo(List.of(List.of(4.0, 97.0)));
      assertThat(index.get("duration")).isEqualTo(4.001);
      assertThat(read(bora, api("timeline/0?idle=2")).get("events"))
          .isEqualTo(
              List.of(List.of(1.0, "o", "a"), List.of(4.0, "o", "b"), List.of(4.001, "o", "")));
    }
  }

  @Test
  void everyPartThatIsReadIsInTheLedgerAndItsTimelineIsNot() throws Exception {
    write(3_000);
    try (Browser bora = Browser.of(house, "bora")) {
      int before = readings();
      read(bora, api("timeline"));
      assertThat(readings()).isEqualTo(before);
      read(bora, api("timeline/1"));
      assertThat(readings()).isEqualTo(before + 1);
      assertThat(bora.get(api("timeline/99")).statusCode()).isEqualTo(404);
    }
  }

  private int readings() {
    return house.ledgerStore().find(org.ongsung.audit.LedgerQuery.newest(1_000)).stream()
        .filter(entry -> entry.event().code() == org.ongsung.model.AuditCode.RECORDING_READ)
        .toList()
        .size();
  }

  @Test
  void commandsAndChannelsWithoutARecordingHaveNoTimeline() throws Exception {
    try (Browser bora = Browser.of(house, "bora")) {
      for (int channel : new int[] {1, 2}) {
        String path = "/api/v1/sessions/" + id.session() + "/channels/" + channel + "/timeline";
        assertThat(bora.get(path).statusCode()).isEqualTo(404);
        assertThat(bora.get(path + "/0").statusCode()).isEqualTo(404);
      }
    }
  }

  /// 200 MB and five and a half hours; the player goes to their end without reading what is
  /// between.
  @Test
  @Tag("long")
  void aVeryLongRecordingPlaysAtItsEndWithoutBeingLoaded() throws Exception {
    write(200_000);
    List<String> read = new ArrayList<>();
    try (Playwright playwright = Screenshots.playwright();
        var chromium = playwright.chromium().launch(Screenshots.options());
        BrowserContext context = chromium.newContext()) {
      context.setDefaultTimeout(200_000);
      Page page = context.newPage();
      page.onRequest(
          request -> {
            if (request.url().contains("/timeline/")) {
              read.add(request.url());
            }
          });
      Screenshots.logIn(page, house, "bora");
      long begun = System.nanoTime();
      page.navigate(house.uri("/sessions/" + id.session() + "/channels/0#t=19990").toString());
      page.waitForCondition(
          () -> page.locator("#player").innerText().matches("(?s).*row 199[89][0-9]{2} .*"));
      long millis = (System.nanoTime() - begun) / 1_000_000;
      Object heap = page.evaluate("performance.memory.usedJSHeapSize");
      System.out.printf(
          "replay of 200 MB: its end after %d ms, %d parts read, %d MB in the page%n",
          millis, read.size(), ((Number) heap).longValue() >> 20);
    }
    assertThat(read).hasSizeLessThan(8);
  }
}
