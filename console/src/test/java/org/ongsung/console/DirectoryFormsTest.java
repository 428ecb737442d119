package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.SessionId;

/// What an administrator does by forms alone: read back through the API, and told in the ledger.
class DirectoryFormsTest {
  private static final Pattern RELEASE = Pattern.compile("action=\"(/blocks/[^\"]+/release)\"");
  private static ConsoleHouse house;
  private static Browser admin;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    admin = Browser.of(house, "admin");
  }

  @AfterAll
  static void stop() {
    admin.close();
    house.close();
  }

  /// One kind of entry.
  ///
  /// @param kind as codes of the ledger begin
  /// @param made what is typed for a new one
  /// @param changed what is typed over it afterwards
  /// @param field the detail that tells of the change
  record Kind(
      String kind,
      Map<String, String> made,
      List<String> readAfterMaking,
      Map<String, String> changed,
      List<String> readAfterChanging,
      String field,
      String before,
      String after) {
    @Override
    public String toString() {
      return kind;
    }

    String list() {
      return "/" + kind + "s";
    }

    AuditCode code(String action) {
      return AuditCode.of(kind + "." + action);
    }
  }

  static Stream<Kind> kinds() throws Exception {
    return Stream.of(user(), group(), target(), grant());
  }

  private static Kind user() {
    return new Kind(
        "user",
        Map.of(
            "title",
            "최다현",
            "roles",
            "auditor",
            "groups",
            "ops",
            "newGroups",
            "night, dev",
            "active",
            "on",
            "password",
            "a secret of dahyun's",
            "publicKeys",
            ""),
        List.of("최다현", "[\"auditor\"]", "\"ops\"", "\"night\"", "\"dev\""),
        Map.of("title", "최다현", "roles", "user", "groups", "ops"),
        List.of("[\"user\"]", "[\"ops\"]", "\"active\":false"),
        "roles",
        "auditor",
        "user");
  }

  private static Kind group() {
    return new Kind(
        "group",
        Map.of("title", "야간 근무"),
        List.of("야간 근무"),
        Map.of("title", "주간 근무"),
        List.of("주간 근무"),
        "title",
        "야간 근무",
        "주간 근무");
  }

  private static Kind target() throws Exception {
    byte[] key =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    String pem =
        "-----BEGIN PRIVATE KEY-----\r\n"
            + Base64.getMimeEncoder().encodeToString(key)
            + "\r\n-----END PRIVATE KEY-----\r\n";
    Map<String, String> made = new LinkedHashMap<>();
    made.put("title", "인쇄 서버");
    made.put("protocol", "ssh");
    made.put("address", "10.0.9.9:2200");
    made.put("labels", "env=prod\r\nteam=print");
    made.put("hostKeyPolicy", "trust-on-first-use");
    made.put("account0", "root");
    made.put("login0", "administrator");
    made.put("privateKey0", pem);
    made.put("account1", "spool");
    made.put("password1", "s3cret-of-spool");
    made.put("account2", "");
    Map<String, String> changed = new LinkedHashMap<>(made);
    changed.put("address", "10.0.9.10:22");
    changed.put("privateKey0", "");
    changed.put("remove1", "on");
    changed.remove("password1");
    return new Kind(
        "target",
        made,
        List.of("인쇄 서버", "10.0.9.9:2200", "\"team\":\"print\"", "administrator", "\"spool\""),
        changed,
        List.of("10.0.9.10", "\"root\""),
        "address",
        "10.0.9.9:2200",
        "10.0.9.10:22");
  }

  private static Kind grant() {
    Map<String, String> made = new LinkedHashMap<>();
    made.put("users", "alice, chulsoo");
    made.put("groups", "ops");
    made.put("targets", "build");
    made.put("labels", "env=prod");
    made.put("as", "root ci");
    made.put("may", "shell");
    made.put("from", "10.0.0.0/8");
    made.put("until", "2030-01-01T00:00");
    made.put("idle", "15m");
    made.put("duration", "4h");
    made.put("sessions", "3");
    Map<String, String> changed = new LinkedHashMap<>(made);
    changed.put("sessions", "5");
    changed.put("until", "");
    return new Kind(
        "grant",
        made,
        List.of(
            "\"alice\"",
            "\"chulsoo\"",
            "\"build\"",
            "\"env\":\"prod\"",
            "[\"shell\"]",
            "10.0.0.0/8",
            "2030-01-01T00:00:00+09:00",
            "\"idle\":\"15m\"",
            "\"duration\":\"4h\"",
            "\"sessions\":3"),
        changed,
        List.of("\"sessions\":5", "\"idle\":\"15m\""),
        "limits.sessions",
        "3",
        "5");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anEntryIsMadeChangedAndDeletedByFormsAndEachIsInTheLedger(Kind kind) throws Exception {
    String name = "by-form-" + kind.kind();
    String api = "/api/v1" + kind.list() + "/" + name;
    Map<String, String> made = new LinkedHashMap<>(kind.made());
    made.put("name", name);
    admin.get(kind.list() + "/-");
    assertDone(admin.post(kind.list() + "/-", made), kind.list());
    String there = admin.get(api).body();
    assertThat(there).contains(kind.readAfterMaking());
    assertThat(there).doesNotContain("secret of dahyun", "s3cret-of-spool", "PRIVATE KEY--");
    AuditEvent created = only(kind.code("created"), name);
    assertThat(created.details()).containsEntry(kind.field() + ".after", kind.before());

    assertThat(admin.get(kind.list() + "/" + name).statusCode()).isEqualTo(200);
    assertDone(admin.post(kind.list() + "/" + name, kind.changed()), kind.list());
    assertThat(admin.get(api).body())
        .contains(kind.readAfterChanging())
        .doesNotContain("spool", "2030-01-01");
    AuditEvent changed = only(kind.code("changed"), name);
    assertThat(changed.actor()).isEqualTo("admin");
    assertThat(changed.details())
        .containsEntry(kind.field() + ".before", kind.before())
        .containsEntry(kind.field() + ".after", kind.after());

    assertDone(admin.post(kind.list() + "/" + name + "/delete", Map.of()), kind.list());
    assertThat(admin.get(api).statusCode()).isEqualTo(404);
    AuditEvent deleted = only(kind.code("deleted"), name);
    assertThat(deleted.actor()).isEqualTo("admin");
    assertThat(deleted.details())
        .containsEntry(kind.field() + ".before", kind.after())
        .doesNotContainKey(kind.field() + ".after");
  }

  private static void assertDone(HttpResponse<String> answer, String list) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).hasValue(list);
  }

  private static AuditEvent only(AuditCode code, String subject) {
    List<AuditEvent> found = events(code, subject);
    assertThat(found).as(code.text()).hasSize(1);
    return found.getFirst();
  }

  private static List<AuditEvent> events(AuditCode code, String subject) {
    LedgerQuery query =
        new LedgerQuery(Set.of(code), null, null, subject, null, null, null, null, 100);
    return house.ledgerStore().find(query).stream().map(entry -> entry.event()).toList();
  }

  @Test
  void aLiveSessionIsTerminatedWithAReasonByItsForm() throws Exception {
    SessionId live = house.samples().getFirst().id();
    String page = "/sessions/" + live;
    admin.get(page);
    assertThat(admin.post(page + "/terminate", Map.of("reason", " ")).statusCode()).isEqualTo(422);
    assertThat(admin.get("/api/v1" + page).body()).contains("\"state\":\"live\"");
    assertDone(admin.post(page + "/terminate", Map.of("reason", "점검을 시작합니다")), page);
    assertThat(admin.get("/api/v1" + page).body())
        .contains("\"state\":\"terminated\"", "점검을 시작합니다");
    assertThat(admin.get(page).body()).contains("점검을 시작합니다");
    assertThat(admin.post(page + "/terminate", Map.of("reason", "again")).statusCode())
        .isEqualTo(409);
  }

  @Test
  void aTargetsPageHasATerminalForWhomAGrantGivesOne() throws Exception {
    assertThat(admin.get("/targets/web-1").body()).doesNotContain("/terminal/web-1");
    admin.get("/grants/-");
    assertDone(
        admin.post(
            "/grants/-",
            Map.of(
                "name", "admin-on-web-1",
                "users", "admin",
                "targets", "web-1",
                "as", "root",
                "may", "shell")),
        "/grants");
    assertThat(admin.get("/targets/web-1").body()).contains("href=\"/terminal/web-1\"");
    assertThat(admin.get("/targets/web-2").body()).doesNotContain("/terminal/web-2");
    admin.get("/grants/admin-on-web-1");
    admin.post("/grants/admin-on-web-1/delete", Map.of());
  }

  @Test
  void aBlockedAddressIsReleasedByItsForm() throws Exception {
    house.block("203.0.113.9", "root");
    assertThat(admin.get("/api/v1/blocks").body()).contains("203.0.113.9");
    Matcher form = RELEASE.matcher(admin.get("/blocks").body());
    assertThat(form.find()).isTrue();
    assertDone(admin.post(form.group(1), Map.of()), "/blocks");
    assertThat(admin.get("/api/v1/blocks").body()).doesNotContain("203.0.113.9");
    AuditEvent released = only(AuditCode.LOGIN_RELEASED, "203.0.113.9");
    assertThat(released.actor()).isEqualTo("admin");
  }
}
