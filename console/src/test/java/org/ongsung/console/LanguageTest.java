package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Scenes;
import org.ongsung.console.text.Language;
import org.ongsung.console.text.Messages;
import org.ongsung.console.text.Wording;
import org.ongsung.directory.Problem;
import org.ongsung.model.AuditCode;
import org.ongsung.model.EndReason;

/// Nothing English on a Korean page, nothing Korean on an English one, but for what people named
/// themselves and for words that are the same in both.
class LanguageTest {
  private static final Pattern HANGUL = Pattern.compile("[가-힣]+");
  private static final Pattern SENTENCE = Pattern.compile("[A-Za-z]+(?: [a-z]+){2,}");

  /// Commands, option lists and the names that stand in Korean text as they are.
  private static final List<String> SAME_IN_BOTH =
      List.of(
          "BEGIN OPENSSH PRIVATE KEY",
          "ssh-keygen",
          "puttygen",
          "script",
          "systemctl restart",
          "journalctl");

  private static ConsoleHouse house;
  private static ConsoleHouse fresh;
  private static Browser admin;
  private static Browser first;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    fresh = ConsoleHouse.fresh();
    house.block("203.0.113.7", "root");
    admin = Browser.of(house, "admin");
    first = Browser.of(fresh, "admin");
  }

  @AfterAll
  static void stop() {
    admin.close();
    first.close();
    house.close();
    fresh.close();
  }

  /// What a reader sees or hears of a page: text, and the attributes that are read out.
  private static List<String> seen(String html) {
    List<String> texts = new ArrayList<>();
    Matcher attributes =
        Pattern.compile("(?:placeholder|aria-label|title|data-(?!search)[a-z-]+)=\"([^\"]*)\"")
            .matcher(html);
    while (attributes.find()) {
      texts.add(attributes.group(1));
    }
    String text =
        html.replaceAll("(?s)<(script|style|svg)\\b.*?</\\1>", " ")
            .replaceAll("(?s)<option[^>]*>[^<]*</option>", " ")
            .replaceAll("(?s)<(code|pre|textarea)\\b.*?</\\1>", " ")
            .replaceAll("(?s)<button class=\"quiet\"[^>]*name=\"language\".*?</button>", " ");
    texts.addAll(List.of(text.split("<[^>]+>")));
    return texts.stream().map(String::strip).filter(one -> !one.isEmpty()).toList();
  }

  /// Everything that somebody typed, as it stands in the samples.
  private static String samples() throws Exception {
    StringBuilder all = new StringBuilder();
    for (String source :
        List.of("Samples.java", "SampleJobs.java", "Scenes.java", "LanguageTest.java")) {
      String folder = source.startsWith("L") ? "" : "house/";
      all.append(
          java.nio.file.Files.readString(
              java.nio.file.Path.of("src/test/java/org/ongsung/console/" + folder + source)));
    }
    return all.toString();
  }

  private static Map<String, String> pages(String language) throws Exception {
    Map<String, String> pages = new LinkedHashMap<>();
    for (String path : Scenes.paths(house)) {
      Browser browser = admin;
      pages.put(path, get(browser, path, language));
    }
    for (String path :
        List.of(
            "/",
            "/sessions",
            "/groups",
            "/targets",
            "/grants",
            "/blocks",
            "/jobs",
            "/schedules",
            "/workers")) {
      pages.put("first " + path, get(first, path, language));
    }
    for (Map.Entry<String, String> form : wrongForms().entrySet()) {
      admin.get("/profile");
      var request =
          java.net.http.HttpRequest.newBuilder(house.uri(form.getKey()))
              .header("Accept-Language", language)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(
                  java.net.http.HttpRequest.BodyPublishers.ofString(
                      form.getValue() + "&_csrf=" + admin.csrf()));
      var answer = admin.send(request);
      assertThat(answer.statusCode()).as(form.getKey()).isBetween(400, 499);
      pages.put("POST " + form.getKey() + " " + form.getValue(), answer.body());
    }
    return pages;
  }

  private static String get(Browser browser, String path, String language) throws Exception {
    return browser
        .send(
            java.net.http.HttpRequest.newBuilder((browser == first ? fresh : house).uri(path))
                .header("Accept-Language", language)
                .GET())
        .body();
  }

  private static Map<String, String> wrongForms() {
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("/users/-", "name=a&title=" + "x".repeat(101) + "&newGroups=OPS&publicKeys=ssh-rsa");
    forms.put("/users/admin", "roles=user");
    forms.put("/groups/ops/delete", "");
    forms.put(
        "/targets/-",
        "name=w&address=web:99999&hostKeyPolicy=pinned&hostKeys=none&account0=Root"
            + "&privateKey0=ssh-ed25519+AAAA&labels=%3Dx");
    forms.put(
        "/grants/-", "name=g&groups=gone&as=Root&from=10.0.0.0/99&idle=soon&sessions=-1&until=x");
    forms.put("/grants/dev-on-build", "groups=gone&targets=gone&as=ci&may=shell");
    forms.put("/grants/ops-on-prod", "as=ci");
    forms.put("/profile/password", "current=nope&password=long+enough&again=long+enough");
    forms.put("/profile/tokens", "label=&days=0");
    forms.put("/jobs", "kind=probe&parameters=web-1");
    forms.put("/schedules", "name=x&kind=backup&parameters=keep%3D7&cron=soon&zone=UTC");
    forms.put("/workers", "name=Branch");
    forms.put("/notices/-", "name=n&shownFrom=2026-11-22T10:00&shownUntil=2026-11-21T10:00");
    forms.put("/links/-", "name=l&title=x&address=ftp://x/&rank=x");
    forms.put("/quick", "protocol=ssh&address=10.0.3.99&port=");
    forms.put("/quick?x", "protocol=ssh&address=10.0.3.99&port=99999");
    forms.put("/import", "format=users-csv&text=name,colour%0A");
    forms.put(
        "/import?a", "format=users-csv&text=name,active,roles%0AWEB,,%0Aa,perhaps,%0Ab,,boss%0A");
    forms.put("/import?b", "format=targets-csv&text=name,address,labels,x%22%0A");
    forms.put("/import?c", "format=ansible-ini&text=%5Bweb%0Aa%20b%0A%21%21%0A");
    forms.put("/import?d", "format=ssh-config&text=Host%20*%0A");
    forms.put("/blocks/203.0.113.9/nothing", "");
    return forms;
  }

  @Test
  void noPageHasWordsOfTheOtherLanguage() throws Exception {
    String typed = samples();
    TreeSet<String> strange = new TreeSet<>();
    pages("en").forEach((path, html) -> hangul(path, html, typed, strange));
    pages("ko").forEach((path, html) -> english(path, html, strange));
    assertThat(strange).isEmpty();
  }

  private static void hangul(String path, String html, String typed, Set<String> strange) {
    for (String text : seen(html)) {
      Matcher words = HANGUL.matcher(text);
      while (words.find()) {
        if (!typed.contains(words.group())) {
          strange.add("en " + path + ": " + text);
        }
      }
    }
  }

  private static void english(String path, String html, Set<String> strange) {
    for (String text : seen(html)) {
      Matcher words = SENTENCE.matcher(text);
      while (words.find()) {
        if (SAME_IN_BOTH.stream().noneMatch(text::contains)) {
          strange.add("ko " + path + ": " + text);
        }
      }
    }
  }

  @Test
  void noPageShowsAKeyInsteadOfItsText() throws Exception {
    Pattern key =
        Pattern.compile(
            "^(?:"
                + String.join(
                    "|", Messages.of(Language.ENGLISH).keys().stream().map(Pattern::quote).toList())
                + ")$");
    List<String> codes = Arrays.stream(AuditCode.values()).map(AuditCode::text).toList();
    for (Map.Entry<String, String> page : pages("ko").entrySet()) {
      assertThat(seen(page.getValue()))
          .as(page.getKey())
          .filteredOn(text -> text.contains(".") && key.matcher(text).matches())
          .isSubsetOf(codes); // the codes of the ledger are shown beside their names
    }
  }

  @Test
  void everyProblemOfTheDirectoryIsPutIntoWords() {
    for (Language language : Language.values()) {
      for (Problem.Code code : Problem.Code.values()) {
        assertThat(Messages.of(language).has("problem." + code.text())).as(code.text()).isTrue();
      }
    }
  }

  @Test
  void aProblemNamesTheFieldAndTheLine() {
    Problem problem =
        new Problem(
            Problem.Code.KEY_IS_PUBLIC, "accounts[1].privateKey.plain", List.of(), "in English");
    assertThat(new Wording(Messages.of(Language.KOREAN)).problem(problem))
        .isEqualTo("계정 2번째 · 개인 키: 공개 키입니다. 개인 키(.pub이 붙지 않은 파일)를 넣어 주세요.");
    assertThat(new Wording(Messages.of(Language.ENGLISH)).problem(problem))
        .startsWith("Account 2 · Private key: That is a public key.");
  }

  @Test
  void reasonsOfTheGatewayAreSaidInKorean() {
    Wording korean = new Wording(Messages.of(Language.KOREAN));
    assertThat(korean.said("the grant has no remote-forward")).isEqualTo("권한에서 허용하지 않음: 원격 포워딩");
    assertThat(korean.end(EndReason.of(EndReason.Code.ADMINISTRATOR, "점검")))
        .isEqualTo("관리자가 세션을 종료했습니다: 점검");
    assertThat(korean.end(EndReason.of(EndReason.Code.TARGET_TIMEOUT, "no answer within 5 s")))
        .isEqualTo("대상이 응답하지 않았습니다: 대상이 5초 안에 응답하지 않음");
    assertThat(korean.said("something a target said")).isEqualTo("something a target said");
    assertThat(korean.fileResult("permission denied: Permission denied")).isEqualTo("권한 없음");
    assertThat(korean.fileResult("failure: quota exceeded")).isEqualTo("실패: quota exceeded");
  }
}
