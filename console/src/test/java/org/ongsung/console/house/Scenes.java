package org.ongsung.console.house;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.JobResult;
import org.ongsung.model.ChannelKind;
import org.ongsung.recording.RecordUnavailableException;

/// Every page of the console in every state that a person can meet; for pictures and for tests that
/// walk all of them.
public final class Scenes {
  private final ConsoleHouse house;
  private final ConsoleHouse fresh;
  private final List<Scene> all = new ArrayList<>();

  /// One page in one state.
  ///
  /// @param user who is logged in; empty for nobody
  /// @param house where it plays
  /// @param path the address, where that is all there is to it
  /// @param show brings it about; the page is logged in and stands somewhere
  public record Scene(
      String name, String user, ConsoleHouse house, @Nullable String path, Consumer<Page> show) {}

  private Scenes(ConsoleHouse house, ConsoleHouse fresh) {
    this.house = house;
    this.fresh = fresh;
    login();
    targets();
    sessions();
    audit();
    directory();
    forms();
    profile();
    jobs();
    problems();
  }

  /// All scenes, those of one user in one house together.
  ///
  /// @param house filled with samples; a few addresses are blocked in it
  /// @param fresh with an administrator and nothing else
  public static List<Scene> of(ConsoleHouse house, ConsoleHouse fresh) throws java.io.IOException {
    house.block("203.0.113.7", "root");
    house.block("2001:db8:1:2::9", Samples.HOSTILE);
    return List.copyOf(new Scenes(house, fresh).all);
  }

  /// The addresses of the pages that there are, as an administrator opens them.
  public static List<String> paths(ConsoleHouse house) {
    List<String> paths = new ArrayList<>();
    for (Scene scene : new Scenes(house, house).all) {
      if (scene.user().equals("admin") && scene.path() != null) {
        paths.add(scene.path());
      }
    }
    return List.copyOf(paths);
  }

  private void at(String name, String user, String path) {
    all.add(scene(name, user, house, path));
  }

  private static Scene scene(String name, String user, ConsoleHouse house, String path) {
    return new Scene(name, user, house, path, page -> page.navigate(house.uri(path).toString()));
  }

  private void add(String name, String user, Consumer<Page> show) {
    all.add(new Scene(name, user, house, null, show));
  }

  private void first(String name, String path) {
    all.add(scene(name, "admin", fresh, path));
  }

  private void login() {
    at("login", "", "/login");
    add(
        "login-wrong",
        "",
        page -> {
          page.navigate(house.uri("/login?next=/sessions").toString());
          page.fill("#name", "alice");
          page.fill("#password", "wrong");
          page.press("#password", "Enter");
          page.waitForSelector("[role=alert]");
        });
  }

  private void targets() {
    at("targets", "alice", "/");
    add(
        "targets-filtered",
        "alice",
        page -> {
          page.navigate(house.uri("/").toString());
          page.fill("#search", "pay");
          page.waitForSelector("#found[data-q=pay]");
        });
    at("targets-found", "alice", "/?q=%E3%84%B1%E3%85%87");
    add(
        "targets-no-match",
        "alice",
        page -> {
          page.navigate(house.uri("/").toString());
          page.fill("#search", "zzz");
          page.waitForSelector("#found[data-q=zzz]");
        });
    terminals();
    files();
    ports();
    connect("connect-ready", ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
    connect("connect-unreachable", ConsoleHouse.seen(false, HostKeyCheck.NOT_SEEN));
    connect("connect-host-key-changed", ConsoleHouse.seen(true, HostKeyCheck.CHANGED));
    add(
        "quick-nothing",
        "alice",
        page -> {
          page.navigate(house.uri("/").toString());
          page.click(".quick > summary");
          page.fill("[name=address]", "10.0.3.99");
          page.press("[name=address]", "Enter");
          page.waitForSelector("[role=alert]");
        });
    at("targets-several", "chulsoo", "/");
    at("targets-empty", "nobody", "/");
    at("sessions-empty", "nobody", "/sessions");
    at("sessions-own", "alice", "/sessions");
    at("session-own", "alice", session(1));
    at("profile-user", "alice", "/profile");
    at("forbidden", "alice", "/users");
  }

  private void terminals() {
    at("terminal-accounts", "alice", "/terminal/web-1");
    add(
        "terminal",
        "alice",
        page -> {
          page.navigate(house.uri("/terminal/payroll-db/postgres").toString());
          page.waitForSelector("#terminal[data-state=live]");
          page.keyboard().insertText("ls -l /srv/급여");
          page.keyboard().press("Enter");
        });
    add(
        "terminal-over",
        "alice",
        page -> {
          page.navigate(house.uri("/terminal/payroll-db/postgres").toString());
          page.waitForSelector("#terminal[data-state=live]");
          page.keyboard().type("exit");
          page.keyboard().press("Enter");
          page.waitForSelector("#terminal[data-state=over]");
        });
  }

  private void files() {
    at("files-accounts", "alice", "/files/web-1");
    at("files", "chulsoo", "/files/build/ci");
    at("files-empty", "chulsoo", "/files/build/ci?path=/srv");
    at("files-missing", "chulsoo", "/files/build/ci?path=/nowhere");
    at("files-change", "chulsoo", "/files/build/ci/change?path=/home/deploy/README.md&kind=file");
    add(
        "files-upload-refused",
        "chulsoo",
        page -> {
          page.unroute("**/upload?*");
          page.navigate(house.uri("/files/build/ci?path=/srv").toString());
          page.click("summary:has(+ #upload)");
          page.setInputFiles(
              "#upload input[type=file]",
              new FilePayload("보고서.txt", "text/plain", new byte[] {'a'}));
          page.click("#upload button");
          page.waitForSelector("#upload-after:not([hidden])");
        });
    add(
        "files-upload-running",
        "chulsoo",
        page -> {
          // Held for as long as the page is there; and where it is let go after all, none stays.
          page.navigate(house.uri("/files/build/ci?path=/full").toString());
          page.click("summary:has(+ #upload)");
          page.route("**/upload?*", _ -> {});
          page.setInputFiles(
              "#upload input[type=file]",
              new FilePayload("보고서.txt", "text/plain", new byte[] {'a'}));
          page.click("#upload button");
          page.waitForSelector("#upload-cancel:not([hidden])");
        });
  }

  private void ports() {
    for (String protocol : List.of("telnet", "ssh")) {
      add(
          "connect-port-" + protocol,
          "alice",
          page -> {
            house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.NOT_SEEN));
            page.navigate(house.uri("/").toString());
            page.click(".connect-form button >> nth=0");
            page.waitForSelector("section.connect");
            page.click("form[action$='/connect/port'] button[value=" + protocol + "]");
            page.waitForSelector("a[href^='" + protocol + ":']");
          });
    }
  }

  private void connect(String name, JobResult.Probed found) {
    add(
        name,
        "alice",
        page -> {
          house.findsWay(found);
          page.navigate(house.uri("/").toString());
          page.click(".connect-form button >> nth=0");
          page.waitForSelector("section.connect");
        });
  }

  private String session(int sample) {
    return "/sessions/" + house.samples().get(sample).id();
  }

  private void sessions() {
    at("targets-admin", "admin", "/");
    at("sessions", "admin", "/sessions");
    at("sessions-filtered", "admin", "/sessions?text=payroll&state=ended&since=2026-11-20T00:00");
    at("sessions-no-match", "admin", "/sessions?user=zzz");
    at("sessions-unreadable", "admin", "/sessions?user=%21");
    at("session", "admin", session(1));
    at("session-live", "admin", session(0));
    at("session-terminated", "admin", session(2));
    at("session-every-kind", "admin", session(3));
    add(
        "session-not-live",
        "admin",
        page -> {
          page.navigate(house.uri(session(0)).toString());
          page.evaluate(
              "path => { const form = document.querySelector('form[action$=terminate]');"
                  + "form.action = path; delete form.dataset.confirm; }",
              session(1) + "/terminate");
          page.fill("[name=reason]", "점검");
          page.click(".danger-button");
          page.waitForSelector("[role=alert]");
        });
    at("session-held", "bora", session(2));
    at("session-purged", "admin", session(4));
    at("channel-purged", "admin", session(4) + "/channels/0");
    player("replay", session(1) + "/channels/0");
    player("replay-cut-off", session(3) + "/channels/" + ChannelKind.values().length);
    player("live", session(0) + "/channels/0");
    at("command", "admin", session(1) + "/channels/1");
    at("command-silent", "admin", session(3) + "/channels/" + Samples.channelOf(ChannelKind.EXEC));
    at("channel-sftp", "admin", session(3) + "/channels/" + Samples.channelOf(ChannelKind.SFTP));
    at(
        "channel-forward",
        "admin",
        session(3) + "/channels/" + Samples.channelOf(ChannelKind.LOCAL_FORWARD));
  }

  private void player(String name, String path) {
    add(
        name,
        "admin",
        page -> {
          page.navigate(house.uri(path).toString());
          page.waitForSelector("#player .ap-term");
          page.waitForCondition(() -> page.locator("#player").innerText().contains("postgres"));
        });
  }

  private void audit() {
    at("ledger", "admin", "/ledger");
    at("ledger-filtered", "admin", "/ledger?code=login.failure&since=2026-11-20T00:00");
    at("ledger-no-match", "admin", "/ledger?actor=zzz");
    at("ledger-unreadable", "admin", "/ledger?session=zzz");
    at("search", "admin", "/search");
    at("search-found", "admin", "/search?text=%EA%B8%89%EC%97%AC&context=1");
    at("search-own", "alice", "/search?text=permission+denied");
    at("search-regex", "bora", "/search?text=%5Bp%5Dsql.*select&regex=true");
    at("search-no-match", "admin", "/search?text=zzz");
    at("search-malformed", "admin", "/search?text=%5B&regex=true");
    at("search-in-session", "admin", "/search?text=ls&session=" + house.samples().get(1).id());
    at("transcript", "admin", session(1) + "/transcript");
    at("transcript-client", "alice", session(1) + "/transcript?show=client");
    at("transcript-empty", "admin", session(3) + "/transcript");
    at("reach", "admin", "/reach");
    at("reach-user", "admin", "/reach?user=alice");
    at("reach-target", "admin", "/reach?target=payroll-db");
    at("reach-nobody", "admin", "/reach?user=nobody");
    at("reach-unknown", "admin", "/reach?user=zzz");
    at("blocks", "admin", "/blocks");
    at("blocks-auditor", "bora", "/blocks");
    first("blocks-empty", "/blocks");
  }

  private void directory() {
    for (String list : List.of("users", "groups", "targets", "grants")) {
      at("list-" + list, "admin", "/" + list);
      first("first-" + list, "/" + list);
    }
    first("first-my-targets", "/");
    first("first-sessions", "/sessions");
    first("first-ledger", "/ledger");
    at("user", "admin", "/users/alice");
    at("user-new", "admin", "/users/-");
    at("group", "admin", "/groups/ops");
    at("group-new", "admin", "/groups/-");
    at("target", "admin", "/targets/web-1");
    at("target-new", "admin", "/targets/-");
    at("grant", "admin", "/grants/ops-on-payroll");
    at("grant-new", "admin", "/grants/-");
    at("list-notices", "admin", "/notices");
    at("notice", "admin", "/notices/maintenance");
    at("notice-new", "admin", "/notices/-");
    at("list-links", "admin", "/links");
    at("link", "admin", "/links/wiki");
    at("link-new", "admin", "/links/-");
    at("import", "admin", "/import");
    at("import-users", "admin", "/import?format=users-csv");
    imported("import-look", "name,address,labels\nweb-9,10.0.3.19,env=prod\nweb-1,10.0.3.111,\n");
    imported("import-nothing", "name,title\nweb-1,\n");
    imported("import-wrong", "name,address,색\nWEB,,\n");
    at("list-users-auditor", "bora", "/users");
    at("user-auditor", "bora", "/users/alice");
    at("target-auditor", "bora", "/targets/web-1");
    at("grant-auditor", "bora", "/grants/ops-on-prod");
  }

  private void imported(String name, String list) {
    add(
        name,
        "admin",
        page -> {
          page.navigate(house.uri("/import").toString());
          page.fill("#list", list);
          page.click("form.edit .primary");
          page.waitForSelector("[role=alert], [role=status], form.form-end");
        });
  }

  private void forms() {
    wrong(
        "user-wrong",
        "/users/-",
        page -> {
          page.fill("[name=name]", "new-user");
          page.fill("[name=title]", "x\u200b".repeat(60));
          page.fill("[name=newGroups]", "OPS 운영");
          page.fill("[name=publicKeys]", "ssh-rsa\nssh-ed25519 AAAA 홍길동");
        });
    wrong(
        "user-last-admin",
        "/users/admin",
        page -> {
          page.uncheck("[name=active]");
          page.uncheck("[name=roles][value=admin]");
        });
    wrong(
        "notice-wrong",
        "/notices/-",
        page -> {
          page.fill("[name=name]", "n");
          page.fill("[name=shownFrom]", "2026-11-22T10:00");
          page.fill("[name=shownUntil]", "2026-11-21T10:00");
        });
    wrong(
        "link-wrong",
        "/links/-",
        page -> {
          page.fill("[name=name]", "l");
          page.fill("[name=address]", "javascript:alert(1)");
          page.fill("[name=rank]", "-1");
        });
    wrong("user-taken", "/users/-", page -> page.fill("[name=name]", "alice"));
    wrong("user-bad-name", "/users/-", page -> page.fill("[name=name]", "홍길동"));
    wrong(
        "target-wrong",
        "/targets/-",
        page -> {
          page.fill("[name=name]", "web-9");
          page.fill("[name=address]", "웹:99999");
          page.fill("[name=labels]", "env prod");
          page.check("[name=hostKeyPolicy][value=pinned]");
          page.fill("[name=hostKeys]", "none");
          page.fill("[name=account0]", "Root");
          page.fill("[name=privateKey0]", "ssh-ed25519 AAAA");
        });
    wrong(
        "grant-wrong",
        "/grants/-",
        page -> {
          page.fill("[name=name]", "all");
          page.fill("[name=groups]", "no-such-group");
          page.fill("[name=targets]", "no-such-target");
          page.fill("[name=as]", "Root!");
          page.fill("[name=from]", "10.0.0.0/99");
          page.fill("[name=idle]", "반시간");
        });
    wrong(
        "grant-empty",
        "/grants/-",
        page -> {
          page.fill("[name=name]", "all");
          page.fill("[name=as]", "root");
        });
    wrong(
        "grant-missing",
        "/grants/-",
        page -> {
          page.fill("[name=name]", "all");
          page.fill("[name=groups]", "no-such-group");
          page.fill("[name=targets]", "no-such-target web-1");
          page.fill("[name=as]", "root");
          page.check("[name=may][value=shell]");
        });
    add(
        "group-with-members",
        "admin",
        page -> {
          page.navigate(house.uri("/groups/ops").toString());
          page.evaluate(
              "document.querySelectorAll('[data-confirm]').forEach(b => delete b.dataset.confirm)");
          page.click(".danger-button");
          page.waitForSelector("[role=alert]");
        });
  }

  private void wrong(String name, String path, Consumer<Page> fill) {
    add(
        name,
        "admin",
        page -> {
          page.navigate(house.uri(path).toString());
          fill.accept(page);
          page.evaluate("document.querySelector('form.edit').noValidate = true");
          page.click("form.edit .primary");
          page.waitForSelector("[role=alert]");
        });
  }

  private void profile() {
    at("profile", "admin", "/profile");
    for (String[] wrong :
        List.of(
            new String[] {"profile-wrong-password", "nope", "long enough", "long enough"},
            new String[] {"profile-not-again", "nope", "long enough", "not the same"},
            new String[] {"profile-short-password", Samples.PASSWORD, "short", "short"})) {
      add(
          wrong[0],
          "admin",
          page -> {
            page.navigate(house.uri("/profile").toString());
            page.fill("[name=current]", wrong[1]);
            page.fill("[name=password]", wrong[2]);
            page.fill("[name=again]", wrong[3]);
            page.evaluate("document.querySelector('form.edit').noValidate = true");
            page.click("form[action$=password] button");
            page.waitForSelector("[role=alert]");
          });
    }
    add(
        "profile-token-made",
        "admin",
        page -> {
          page.navigate(house.uri("/profile").toString());
          page.fill("[name=label]", "야간 백업 스크립트");
          page.click("form[action$=tokens] button");
          page.waitForSelector("#new-token");
        });
    add(
        "profile-bad-token",
        "admin",
        page -> {
          page.navigate(house.uri("/profile").toString());
          page.evaluate("document.querySelector('form[action$=tokens]').noValidate = true");
          page.fill("[name=days]", "0");
          page.click("form[action$=tokens] button");
          page.waitForSelector("[role=alert]");
        });
  }

  private String job(int sample) {
    return "/jobs/" + house.sampleJobs().get(sample).id();
  }

  private void jobs() {
    at("jobs", "admin", "/jobs");
    at("jobs-filtered", "admin", "/jobs?state=done&kind=probe");
    at("jobs-no-match", "admin", "/jobs?owner=zzz");
    at("jobs-unreadable", "admin", "/jobs?state=zzz");
    at("jobs-auditor", "bora", "/jobs");
    at("job-done", "admin", job(0));
    at("job-backup", "admin", job(1));
    at("job-failed", "admin", job(2));
    at("job-running", "admin", job(4));
    at("job-waiting", "admin", job(5));
    at("job-report", "bora", job(6));
    at("job-auditor", "bora", job(4));
    at("schedules", "admin", "/schedules");
    at("schedule", "admin", "/schedules?name=nightly");
    at("workers", "admin", "/workers");
    at("workers-auditor", "bora", "/workers");
    first("jobs-empty", "/jobs");
    first("schedules-empty", "/schedules");
    first("workers-empty", "/workers");
    wrong(
        "job-wrong",
        "/jobs",
        page -> {
          page.selectOption("form.edit [name=kind]", "probe");
          page.fill("[name=parameters]", "web-1");
        });
    wrong(
        "schedule-wrong",
        "/schedules",
        page -> {
          page.fill("[name=name]", "every-day");
          page.selectOption("form.edit [name=kind]", "backup");
          page.fill("[name=parameters]", "keep=7");
          page.fill("[name=cron]", "매일");
        });
    add(
        "worker-made",
        "admin",
        page -> {
          page.navigate(house.uri("/workers").toString());
          page.fill("[name=name]", "branch");
          page.click("form[action$=workers] button");
          page.waitForSelector("#new-token");
        });
  }

  private void problems() {
    at("missing", "admin", "/nowhere");
    at("ambiguous", "admin", "/users/a%252fb");
    add(
        "stale-form",
        "admin",
        page -> {
          page.navigate(house.uri("/profile").toString());
          page.evaluate("document.querySelectorAll('[name=_csrf]').forEach(f => f.value = 'old')");
          page.fill("[name=label]", "x");
          page.click("form[action$=tokens] button");
          page.waitForSelector(".problem");
        });
    add("broken", "admin", page -> sessionsFail(page, new IllegalStateException("told to fail")));
    add(
        "store-unavailable",
        "admin",
        page -> sessionsFail(page, new RecordUnavailableException("told to fail")));
    add(
        "ledger-unavailable",
        "admin",
        page -> {
          page.navigate(house.uri("/profile").toString());
          page.fill("[name=label]", "x");
          house.ledgerStore().fail(true);
          try {
            page.click("form[action$=tokens] button");
            page.waitForSelector(".problem");
          } finally {
            house.ledgerStore().fail(false);
          }
        });
  }

  private void sessionsFail(Page page, RuntimeException failure) {
    house.sessions().failWith(failure);
    try {
      page.navigate(house.uri("/sessions").toString());
    } finally {
      house.sessions().failWith(null);
    }
  }

  /// Logs the page's context in as the scene wants, unless it is already.
  public static void enter(Page page, Scene scene, String loggedInAs) {
    if (!scene.user().equals(loggedInAs)) {
      page.context().clearCookies();
      if (!scene.user().isEmpty()) {
        Screenshots.logIn(page, scene.house(), scene.user());
      }
    }
    scene.show().accept(page);
    page.waitForSelector(
        "body", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED));
  }
}
