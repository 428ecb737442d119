package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;

/// The wall without a browser's scripts: what stands where, and what is found.
class WallTest {
  private static ConsoleHouse house;
  private static Browser alice;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    alice = Browser.of(house, "alice");
  }

  @AfterAll
  static void stop() {
    alice.close();
    house.close();
  }

  private static List<String> names(String html) {
    String found = html.substring(0, html.indexOf("class=\"board\""));
    return Pattern.compile("<h[23]>(?:<span class=\"name\">)?([^<]+)<")
        .matcher(found)
        .results()
        .map((MatchResult one) -> one.group(1))
        .toList();
  }

  @Test
  void theStarredStandFirstThenWhatWasUsedEachOnce() throws Exception {
    String page = alice.get("/").body();
    assertThat(names(page))
        .containsSubsequence("Starred", "payroll-db", "Last used", "web-1", "web-2");
    assertThat(page)
        .contains("Sessions: 2")
        .contains("ssh://alice+payroll-db@gate.example.com:2222");
    assertThat(page.indexOf("alice+root+web-1@")).isLessThan(page.indexOf("alice+deploy+web-1@"));
  }

  @Test
  void aTargetShowsItsProtocolWhenAndHowOftenItWasUsedAndEveryWayThere() throws Exception {
    String page = alice.get("/").body();
    int start = page.indexOf("<span class=\"name\">payroll-db<");
    assertThat(page.substring(start, page.indexOf("class=\"way-commands\"", start)))
        .contains("<span class=\"tag\">SSH</span>")
        .containsPattern("Last [^<]*2026-11-22 03:45[^<]* · Sessions: 1<")
        .contains("action=\"/connect\"")
        .contains("name=\"target\" value=\"payroll-db\"")
        .contains("href=\"/terminal/payroll-db/postgres\"")
        .contains("href=\"ssh://alice+payroll-db@gate.example.com:2222\"")
        .contains("data-copy=\"ssh -p 2222 alice+payroll-db@gate.example.com\"");
  }

  @Test
  void whatIsUsedMostStandsInItsOrderBehindWhatWasUsedLast() throws Exception {
    try (ConsoleHouse used = ConsoleHouse.start();
        Browser somebody = Browser.of(used, "alice")) {
      used.use(
          List.of(
              "often",
              "more",
              "thrice-b",
              "often",
              "thrice-a",
              "thrice-b",
              "often",
              "thrice-a",
              "thrice-b",
              "thrice-a",
              "more",
              "once",
              "more",
              "often",
              "more",
              "more",
              "last-6",
              "last-5",
              "last-4",
              "last-3",
              "last-2",
              "last-1"));
      assertThat(names(somebody.get("/").body()))
          .containsSubsequence(
              "Last used", "last-1", "last-2", "last-3", "last-4", "last-5", "last-6")
          .containsSequence("last-6", "Most used", "more", "often", "thrice-a", "thrice-b")
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void whatIsLookedForIsFoundByPartsTitlesLabelsAndFirstConsonants() throws Exception {
    assertThat(names(alice.get("/?q=pay").body())).containsExactly("Found", "payroll-db");
    assertThat(names(alice.get("/?q=%EA%B8%89%E3%85%87").body())).contains("payroll-db"); // 급ㅇ
    assertThat(names(alice.get("/?q=%E3%84%B1%E3%85%87").body())).contains("payroll-db"); // ㄱㅇ
    assertThat(names(alice.get("/?q=finance").body())).containsExactly("Found", "payroll-db");
    assertThat(names(alice.get("/?q=10.0.3.12").body())).containsExactly("Found", "web-2");
    assertThat(names(alice.get("/?q=build").body())).isEmpty();
  }

  @Test
  void noticesAndLinksStandWhereTheyAreForWhomTheyAre() throws Exception {
    String board = alice.get("/").body();
    board = board.substring(board.indexOf("class=\"board\""));
    assertThat(board)
        .contains("토요일 밤 정기 점검", "<strong>22시부터</strong>", "사내 위키", "작업 절차와 연락처")
        .contains("href=\"https://wiki.example.com/%EC%A0%90%EA%B2%80\" rel=\"noopener")
        .doesNotContain("지난 공지", "https://ci.example.com/", "<script>alert");
    try (Browser chulsoo = Browser.of(house, "chulsoo")) {
      assertThat(chulsoo.get("/").body()).contains("https://ci.example.com/");
      // By rank, which is not by name.
      assertThat(chulsoo.get("/api/v1/me/links").body())
          .containsSubsequence("\"name\":\"wiki\"", "\"name\":\"ci\"");
      assertThat(chulsoo.get("/api/v1/me/notices").body()).doesNotContain("past");
    }
  }

  @Test
  void stickyNoticesStandFirstAndThenTheNewest() throws Exception {
    try (Browser admin = Browser.of(house, "admin")) {
      admin.get("/notices/-");
      for (String name : List.of("z-sticky", "a-older", "m-newer")) {
        Map<String, String> notice = new java.util.HashMap<>(Map.of("name", name, "title", name));
        if (name.equals("z-sticky")) {
          notice.put("sticky", "on");
        }
        assertThat(admin.post("/notices/-", notice).statusCode()).isEqualTo(303);
        house.advance(java.time.Duration.ofSeconds(1));
      }
      assertThat(alice.get("/api/v1/me/notices").body())
          .containsSubsequence("\"z-sticky\"", "\"m-newer\"", "\"a-older\"");
      for (String name : List.of("z-sticky", "a-older", "m-newer")) {
        assertThat(admin.post("/notices/" + name + "/delete", Map.of()).statusCode())
            .isEqualTo(303);
      }
    }
  }

  @Test
  void administratorsWriteNoticesAndLinksAndTheLedgerSaysSo() throws Exception {
    try (Browser admin = Browser.of(house, "admin")) {
      admin.get("/notices/-");
      var saved =
          admin.post(
              "/notices/-",
              Map.of(
                  "name", "new-one",
                  "title", "새 공지",
                  "text", "한 줄\r\n두 줄",
                  "shownFrom", "2026-11-22T09:00",
                  "sticky", "on",
                  "groups", "ops"));
      assertThat(saved.statusCode()).as(saved.body()).isEqualTo(303);
      assertThat(admin.get("/api/v1/notices/new-one").body())
          .contains("\"text\":\"한 줄\\n두 줄\"", "\"sticky\":true", "\"groups\":[\"ops\"]");
      assertThat(admin.post("/notices/-", Map.of("name", "new-one", "title", "x")).statusCode())
          .isEqualTo(422);
      assertThat(admin.post("/links/-", Map.of("name", "l", "title", "x", "rank", "1")).body())
          .contains("Write a whole address");
      Map<String, String> link =
          Map.of("name", "l", "title", "x", "rank", "1", "address", "https://old.example.com/");
      assertThat(admin.post("/links/-", link).statusCode()).isEqualTo(303);
      var moved = new java.util.HashMap<>(link);
      moved.put("address", "https://new.example.com/");
      assertThat(admin.post("/links/l", moved).statusCode()).isEqualTo(303);
      assertThat(admin.get("/api/v1/ledger?code=link.changed&limit=1").body())
          .contains("\"address.before\":\"https://old.example.com/\"")
          .contains("\"address.after\":\"https://new.example.com/\"")
          .doesNotContain("rank.");
      assertThat(admin.post("/links/l/delete", Map.of()).statusCode()).isEqualTo(303);
      assertThat(admin.get("/api/v1/ledger?code=link.deleted&limit=1").body())
          .contains("\"address.before\":\"https://new.example.com/\"")
          .doesNotContain(".after");
      assertThat(admin.get("/api/v1/ledger?code=notice.changed&limit=1").body())
          .contains("\"title.after\":\"새 공지\"")
          .doesNotContain(".before");
      assertThat(admin.post("/notices/new-one/delete", Map.of()).statusCode()).isEqualTo(303);
      assertThat(admin.get("/api/v1/notices/new-one").statusCode()).isEqualTo(404);
      assertThat(admin.get("/api/v1/ledger?code=notice.deleted&limit=1").body())
          .contains("\"title.before\":\"새 공지\"")
          .doesNotContain(".after");
      assertThat(admin.get("/ledger").body()).contains("Notice written").contains("Notice deleted");
    }
  }

  @Test
  void nobodyStarsWhatTheyMayNotReach() throws Exception {
    alice.get("/");
    for (String target : List.of("build", "gone", "../x")) {
      assertThat(alice.post("/stars", Map.of("target", target, "starred", "true")).statusCode())
          .as(target)
          .isEqualTo(404);
    }
    var put =
        HttpRequest.newBuilder(house.uri("/api/v1/me/stars/build"))
            .header("X-CSRF-Token", alice.csrf())
            .PUT(HttpRequest.BodyPublishers.noBody());
    assertThat(alice.send(put).statusCode()).isEqualTo(404);
  }

  @Test
  void starsComeAndGoByApiAndForm() throws Exception {
    try (Browser chulsoo = Browser.of(house, "chulsoo")) {
      chulsoo.get("/");
      assertThat(
              chulsoo
                  .post("/stars", Map.of("target", "build", "starred", "true", "q", "ㅂ&x"))
                  .headers()
                  .firstValue("Location"))
          .contains("/?q=%E3%85%82%26x");
      assertThat(chulsoo.get("/api/v1/me/wall").body())
          .contains("\"starred\":[{\"target\":\"build\"");
      var delete =
          HttpRequest.newBuilder(house.uri("/api/v1/me/stars/build"))
              .header("X-CSRF-Token", chulsoo.csrf())
              .DELETE();
      assertThat(chulsoo.send(delete).statusCode()).isEqualTo(204);
      assertThat(chulsoo.get("/api/v1/me/wall").body())
          .contains("\"starred\":[]")
          .contains("\"recent\":[{\"target\":\"build\"");
      assertThat(chulsoo.get("/api/v1/me/wall/search?q=bui&limit=1").body())
          .contains("\"target\":\"build\"")
          .contains("\"more\":false");
    }
  }

  @Test
  void aNumberOfAPageThatIsNoneIsTheFirst() throws Exception {
    for (String page : List.of("0", "-1", "x", "99999999999")) {
      assertThat(alice.get("/?page=" + page).statusCode()).isEqualTo(200);
    }
    assertThat(alice.get("/?page=9999").statusCode()).isEqualTo(200);
  }
}
