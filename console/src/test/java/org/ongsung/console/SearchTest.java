package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.model.AuditCode;

class SearchTest {
  private static ConsoleHouse house;
  private static Browser admin;
  private static Browser alice;
  private static Browser chulsoo;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    admin = Browser.of(house, "admin");
    alice = Browser.of(house, "alice");
    chulsoo = Browser.of(house, "chulsoo");
  }

  @AfterAll
  static void stop() {
    admin.close();
    alice.close();
    chulsoo.close();
    house.close();
  }

  private static String body(Browser browser, String path) throws Exception {
    HttpResponse<String> answer = browser.get(path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  @Test
  void peopleFindTheirOwnLinesAndAuditorsEverybodys() throws Exception {
    assertThat(body(admin, "/api/v1/search?text=payroll")).contains("psql payroll");
    assertThat(body(alice, "/api/v1/search?text=payroll")).contains("psql payroll");
    for (String asked : new String[] {"", "&user=alice", "&user=admin"}) {
      assertThat(body(chulsoo, "/api/v1/search?text=payroll" + asked)).contains("\"lines\":[]");
      assertThat(body(chulsoo, "/search?text=payroll" + asked)).doesNotContain("psql");
      assertThat(body(chulsoo, "/search/export?text=payroll" + asked)).doesNotContain("psql");
    }
  }

  @Test
  void aGroupIsItsMembersAndNeverMoreThanOneMayRead() throws Exception {
    String payroll = "/api/v1/search?text=payroll&group=";
    assertThat(body(admin, payroll + "ops")).contains("psql payroll");
    assertThat(body(admin, payroll + "dev")).contains("\"lines\":[]");
    assertThat(body(admin, payroll + "ops&user=alice")).contains("psql payroll");
    assertThat(body(admin, payroll + "dev&user=alice")).contains("\"lines\":[]");
    assertThat(body(admin, payroll + "ops&target=web-2")).contains("\"lines\":[]");
    assertThat(body(chulsoo, payroll + "ops")).contains("\"lines\":[]");
  }

  @Test
  void eachFieldOfTheFormKeepsWhatFitsAndLeavesOutWhatDoesNot() throws Exception {
    String psql = "/search?text=psql&session=" + house.samples().get(1).id() + "&";
    Map<String, String> fitsAndNot =
        Map.of(
            "user=alice", "user=chulsoo",
            "group=ops", "group=dev",
            "target=payroll-db", "target=web-1",
            "kind=shell", "kind=exec",
            "direction=input", "direction=output",
            "since=2026-11-22T03:45", "since=2026-11-22T03:47",
            "until=2026-11-22T03:47", "until=2026-11-22T03:45");
    try (Browser bora = Browser.of(house, "bora")) {
      for (Map.Entry<String, String> each : fitsAndNot.entrySet()) {
        assertThat(body(bora, psql + each.getKey())).as(each.getKey()).contains("class=\"hit\"");
        assertThat(body(bora, psql + each.getValue()))
            .as(each.getValue())
            .doesNotContain("class=\"hit\"");
      }
    }
  }

  @Test
  void aResultLeadsToTheReplayAtThatMomentAndMarksWhatWasLookedFor() throws Exception {
    String session = house.samples().get(1).id().value();
    String page = body(admin, "/search?text=%EA%B8%89%EC%97%AC&context=1&session=" + session);
    assertThat(page)
        .contains("/sessions/" + session + "/channels/0#t=")
        .contains("<mark>급여</mark>")
        .contains("postgres@payroll:~$");
    assertThat(body(admin, "/search?text=script")).doesNotContain("<script>alert");
  }

  @Test
  void anExportGuardsAgainstFormulasAndIsInTheLedger() throws Exception {
    String csv = body(admin, "/search/export?format=csv");
    assertThat(csv)
        .startsWith("\ufeffat,user,target,session,channel,kind,direction,prompt,text\r\n")
        .contains("\"'=cmd|' /C calc'!A0\"")
        .doesNotContain("\"=cmd");
    assertThat(body(admin, "/api/v1/search/export?text=hidden").lines()).hasSize(2);
    assertThat(admin.get("/api/v1/search/export?format=xml").statusCode()).isEqualTo(400);
    assertThat(house.ledgerStore().find(LedgerQuery.newest(50)))
        .extracting(entry -> entry.event().code())
        .contains(AuditCode.TRANSCRIPT_EXPORTED);
  }

  @Test
  void whatCannotBeLookedForIsSaidSo() throws Exception {
    assertThat(admin.get("/api/v1/search?text=%5B&regex=true").statusCode()).isEqualTo(422);
    assertThat(admin.get("/api/v1/search?text=" + "a".repeat(501)).statusCode()).isEqualTo(400);
    assertThat(admin.get("/api/v1/search?before=x").statusCode()).isEqualTo(400);
    assertThat(admin.get("/search?text=%5B&regex=true").statusCode()).isEqualTo(422);
    assertThat(body(admin, "/search?text=a&since=yesterday")).contains("role=\"alert\"");
    house.searchesAreBusy(true);
    try {
      HttpResponse<String> busy = admin.get("/api/v1/search?text=a");
      assertThat(busy.statusCode()).isEqualTo(503);
      assertThat(busy.headers().firstValue("Retry-After")).isPresent();
    } finally {
      house.searchesAreBusy(false);
    }
  }

  @Test
  void pagesGoOnWithOlderLines() throws Exception {
    String first = body(admin, "/api/v1/search?limit=3");
    String next = first.replaceAll(".*\"next\":\"([^\"]+)\".*", "$1");
    assertThat(next).isNotEqualTo(first);
    String second = body(admin, "/api/v1/search?limit=3&before=" + next);
    assertThat(second).contains("\"lines\":[{").isNotEqualTo(first);
  }

  @Test
  void anExportLosesAndDoublesNothingWhereItsPagesMeet() throws Exception {
    try (ConsoleHouse full = ConsoleHouse.start();
        Browser auditor = Browser.of(full, "admin")) {
      List<String> lines = numbered("seam", 2_500);
      full.show(full.samples().get(1), lines);
      List<String> csv = body(auditor, "/search/export?format=csv&text=seam-").lines().toList();
      assertThat(csv.getFirst()).startsWith("\ufeffat,user,target");
      assertThat(inOrder(csv.subList(1, csv.size()), "seam-[0-9]+")).isEqualTo(lines.reversed());
      List<String> jsonl = body(auditor, "/api/v1/search/export?text=seam-").lines().toList();
      assertThat(inOrder(jsonl, "seam-[0-9]+")).isEqualTo(lines.reversed());
      full.searchesLookAt(700);
      assertThat(
              inOrder(
                  body(auditor, "/api/v1/search/export?text=seam-").lines().toList(),
                  "seam-[0-9]+"))
          .as("though time is up again and again")
          .isEqualTo(lines.reversed());
    }
  }

  @Test
  void whoGoesOnWithOlderLinesSeesEachOnceAndIsToldWhenTimeWasUp() throws Exception {
    try (ConsoleHouse full = ConsoleHouse.start();
        Browser auditor = Browser.of(full, "admin")) {
      List<String> lines = numbered("seam", 180);
      full.show(full.samples().get(1), lines);
      String address = "/search?text=seam-&target=payroll-db";
      assertThat(pages(auditor, address, "Older", 4)).isEqualTo(lines.reversed());
      full.searchesLookAt(30);
      assertThat(pages(auditor, address, "Continue with older lines", 7))
          .isEqualTo(lines.reversed());
    }
  }

  /// Follows the way to older lines to its end.
  private static List<String> pages(Browser browser, String address, String way, int atLeast)
      throws Exception {
    List<String> lines = new ArrayList<>();
    int pages = 0;
    for (String next = address; next != null; pages++) {
      String page = body(browser, next);
      lines.addAll(
          inOrder(
              page.lines().filter(line -> line.contains("class=\"hit\"")).toList(),
              "</mark>[0-9]+"));
      Matcher older = Pattern.compile("href=\"([^\"]+)\" rel=\"next\">([^<]+)<").matcher(page);
      next = older.find() ? older.group(1).replace("&amp;", "&") : null;
      assertThat(next == null || older.group(2).equals(way)).as(page).isTrue();
      assertThat(pages).isLessThan(100);
    }
    assertThat(pages).isGreaterThanOrEqualTo(atLeast);
    return lines.stream().map(line -> line.replace("</mark>", "seam-")).toList();
  }

  private static List<String> numbered(String word, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> "%s-%05d".formatted(word, i)).toList();
  }

  /// What fits in each line, in order.
  private static List<String> inOrder(List<String> lines, String pattern) {
    Pattern wanted = Pattern.compile(pattern);
    return lines.stream()
        .flatMap(line -> wanted.matcher(line).results().map(MatchResult::group))
        .toList();
  }

  @Test
  void aSessionsTranscriptShowsWhatWasTypedShownOrBoth() throws Exception {
    String here = "/sessions/" + house.samples().get(1).id() + "/transcript";
    assertThat(body(alice, here)).contains("psql payroll").contains("급여-1.sql");
    assertThat(body(alice, here + "?show=client"))
        .contains("psql payroll")
        .contains("[hidden input]")
        .doesNotContain("급여-1.sql");
    assertThat(body(alice, here + "?show=server"))
        .contains("급여-1.sql")
        .contains("load average")
        .doesNotContain("psql payroll");
    assertThat(alice.get(here + "?channel=99").statusCode()).isEqualTo(404);
    assertThat(chulsoo.get(here).statusCode()).isEqualTo(404);
    String api = "/api/v1" + here.replace("/transcript", "/channels/0/transcript");
    assertThat(body(alice, api + "?from=3&limit=1"))
        .contains("psql payroll")
        .contains("\"next\":4");
  }
}
