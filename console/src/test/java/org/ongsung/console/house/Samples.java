package org.ongsung.console.house;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ongsung.directory.Actor;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.adhoc.AdHocLimits;
import org.ongsung.directory.adhoc.AdHocTargets;
import org.ongsung.directory.wall.Notice;
import org.ongsung.directory.wall.Wall;
import org.ongsung.directory.wall.WallLink;
import org.ongsung.model.Account;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.SecretKind;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.model.User;
import org.ongsung.recording.RecordingId;
import org.ongsung.transcript.line.Direction;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.SecretId;

/// A small company: people, servers, and what they did last night.
public final class Samples {
  /// Everybody's password.
  public static final String PASSWORD = "correct horse";

  public static final Instant NOW = Instant.parse("2026-11-22T07:45:03Z");
  public static final String HOSTILE = "<script>alert(1)</script>\"'&amp;";
  static final String HOLD = "내부 조사 2026-14";
  static final SshPublicKey KEY =
      SshPublicKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBk0kyOpFW5Kk6l1OnJQSQmCYJ0j1EvmUjkPG5MzJ7aB"
              + " alice@laptop");

  private Samples() {}

  static DirectoryChange directory(PasswordHash hash) {
    DirectoryChange.Builder all = new DirectoryChange.Builder();
    all.put(new Group(Name.of("ops"), new Title("운영팀")));
    all.put(new Group(Name.of("dev"), new Title("개발팀")));
    all.put(user("admin", "관리자", Set.of(Role.ADMIN), Set.of(), hash));
    all.put(user("alice", "김앨리스", Set.of(Role.USER), Set.of("ops"), hash));
    all.put(user("bora", "이보라", Set.of(Role.AUDITOR), Set.of(), hash));
    all.put(user("chulsoo", "박철수", Set.of(Role.USER), Set.of("dev"), hash));
    all.put(user("nobody", "", Set.of(Role.USER), Set.of(), hash));
    all.put(target("web-1", "웹 서버 1호", "10.0.3.11:22", Map.of("env", "prod"), "root", "deploy"));
    all.put(target("web-2", "웹 서버 2호", "10.0.3.12:22", Map.of("env", "prod"), "root"));
    all.put(
        target(
            "payroll-db",
            "급여 데이터베이스",
            "10.0.7.5:22",
            Map.of("env", "prod", "team", "finance"),
            "postgres"));
    all.put(target("build", "CI builder", "[fd00::17]:2200", Map.of("env", "dev"), "ci"));
    all.put(
        grant(
            "ops-on-prod",
            Set.of("ops"),
            Map.of("env", "prod"),
            Set.of("root", "deploy"),
            Set.of(Capability.SHELL, Capability.EXEC, Capability.SFTP, Capability.LOCAL_FORWARD),
            null));
    all.put(
        grant(
            "ops-on-payroll",
            Set.of("ops"),
            Map.of("team", "finance"),
            Set.of("postgres"),
            Set.of(Capability.SHELL, Capability.EXEC),
            OffsetDateTime.parse("2027-01-01T00:00:00+09:00")));
    all.put(
        grant(
            "dev-on-build",
            Set.of("dev"),
            Map.of("env", "dev"),
            Set.of("ci"),
            Set.of(Capability.EXEC, Capability.SFTP),
            null));
    for (String place : List.of("web-1/root", "web-1/deploy", "web-2/root")) {
      seal(all, place);
    }
    seal(all, "payroll-db/postgres");
    seal(all, "build/ci");
    return all.build();
  }

  /// A gateway on its first day: an administrator and nothing else.
  static DirectoryChange fresh(PasswordHash hash) {
    return new DirectoryChange.Builder()
        .put(user("admin", "", Set.of(Role.ADMIN), Set.of(), hash))
        .build();
  }

  private static void seal(DirectoryChange.Builder all, String place) {
    String[] parts = place.split("/", 2);
    all.put(
        new SecretId(Name.of(parts[0]), Name.of(parts[1]), SecretKind.PRIVATE_KEY),
        new SealedSecret("sample", new byte[60]));
  }

  private static User user(
      String name, String title, Set<Role> roles, Set<String> groups, PasswordHash hash) {
    return new User(
        Name.of(name), new Title(title), roles, names(groups), true, hash, List.of(KEY));
  }

  private static Target target(
      String name, String title, String address, Map<String, String> labels, String... accounts) {
    return new Target(
        Name.of(name),
        new Title(title),
        Protocol.SSH,
        HostAndPort.parse(address, 22),
        labels,
        HostKeyPolicy.TRUST_ON_FIRST_USE,
        List.of(KEY),
        Stream.of(accounts)
            .map(account -> new Account(Name.of(account), account, Set.of(SecretKind.PRIVATE_KEY)))
            .toList());
  }

  /// Targets that alice may reach, and her sessions with them, the oldest first.
  static void use(Directory directory, MemorySessionStore store, List<String> targets) {
    DirectoryChange.Builder change = new DirectoryChange.Builder();
    targets.stream()
        .distinct()
        .map(name -> target(name, "", "10.0.4.1:22", Map.of("env", "prod"), "root"))
        .forEach(change::put);
    targets.stream().distinct().forEach(name -> seal(change, name + "/root"));
    directory.change(Actor.SYSTEM, _ -> change.build());
    Instant at = NOW.plusSeconds(60);
    for (String target : targets) {
      at = at.plusSeconds(60);
      Session _ = session(store, "alice", target, "root", at, SessionState.ENDED, LEFT);
    }
  }

  private static Grant grant(
      String name,
      Set<String> groups,
      Map<String, String> labels,
      Set<String> as,
      Set<Capability> may,
      @Nullable OffsetDateTime until) {
    return new Grant(
        Name.of(name),
        new Grant.Who(Set.of(), names(groups)),
        new Grant.Where(Set.of(), labels),
        names(as),
        may,
        List.of(Network.parse("127.0.0.0/8"), Network.parse("10.0.0.0/8")),
        until,
        new Grant.Limits(Duration.ofMinutes(30), Duration.ofHours(8), 10));
  }

  private static Set<Name> names(Set<String> names) {
    return names.stream().map(Name::of).collect(Collectors.toSet());
  }

  private static final EndReason LEFT = EndReason.of(EndReason.Code.PERSON_LEFT);

  /// Puts sessions of every state into `store`; the first one is live and alice's.
  static List<Session> sessions(MemorySessionStore store) {
    Session live = session(store, "alice", "web-1", "root", NOW.minusSeconds(192), null, LEFT);
    channel(store, live, 0, ChannelKind.SHELL, "", null, 0, 0);
    Session night =
        session(
            store,
            "alice",
            "payroll-db",
            "postgres",
            NOW.minus(Duration.ofHours(13)),
            SessionState.ENDED,
            LEFT);
    channel(store, night, 0, ChannelKind.SHELL, "", 0, 1_204, 48_211);
    channel(store, night, 1, ChannelKind.EXEC, "pg_dump payroll " + HOSTILE, 1, 0, 2_310_004);
    channel(store, night, 2, ChannelKind.SFTP, "sftp", null, 4_120, 9_877_120);
    channel(store, night, 3, ChannelKind.LOCAL_FORWARD, "10.0.7.5:5432", null, 2_048, 65_536);
    store.addFileOperations(
        List.of(
            file(night, "open", "/var/backups/급여-2026-11.sql.gz", "", "read", 9_877_120, 0, "ok"),
            file(night, "rename", "/tmp/a", "/tmp/" + HOSTILE, "", 0, 0, "ok"),
            file(night, "remove", "/etc/passwd", "", "", 0, 0, "permission denied")));
    Session cut =
        session(
            store,
            "chulsoo",
            "build",
            "ci",
            NOW.minus(Duration.ofHours(20)),
            SessionState.TERMINATED,
            EndReason.of(EndReason.Code.ADMINISTRATOR, "예정에 없던 작업입니다"));
    channel(store, cut, 0, ChannelKind.RSYNC, "rsync --server -logDtpre.iLsfxC . /srv", null, 9, 8);
    Session old =
        session(
            store,
            "alice",
            "web-2",
            "root",
            NOW.minus(Duration.ofDays(2)),
            SessionState.INTERRUPTED,
            EndReason.of(EndReason.Code.GATEWAY_LOST));
    channel(store, old, 0, ChannelKind.SHELL, "", null, 12, 4_096);
    session(
        store,
        "chulsoo",
        "build",
        "ci",
        NOW.minus(Duration.ofDays(3)),
        SessionState.FAILED,
        EndReason.of(EndReason.Code.TARGET_UNREACHABLE, "connection refused"));
    return List.of(live, night, cut, everyKind(store), old);
  }

  /// An ended session of alice's with a channel of every kind, and one that a crash cut off.
  private static Session everyKind(MemorySessionStore store) {
    Session day =
        session(
            store,
            "alice",
            "web-1",
            "deploy",
            NOW.minus(Duration.ofHours(5)),
            SessionState.ENDED,
            LEFT);
    int number = 0;
    for (ChannelKind kind : ChannelKind.values()) {
      channel(store, day, number, kind, subject(kind), kind == ChannelKind.EXEC ? 0 : null, 9, 8);
      number++;
    }
    store.openChannel(
        new SessionChannel(
            day.id(), number, ChannelKind.SHELL, "", day.startedAt().plusSeconds(900), null));
    store.closeChannel(
        day.id(),
        number,
        new SessionChannel.End(
            day.startedAt().plusSeconds(1_000), null, "HUP", 12, 4_096, null, null, 3, false));
    return day;
  }

  /// What somebody has made of the wall.
  static void wall(Wall wall) {
    wall.star(Name.of("alice"), Name.of("payroll-db"));
    wall.put(
        Actor.SYSTEM,
        new Notice(
            Name.of("maintenance"),
            new Title("토요일 밤 정기 점검"),
            "운영 서버를 **22시부터** 점검합니다.\n\n* web-1, web-2\n* 급여 데이터베이스\n\n"
                + "자세한 내용은 [위키](https://wiki.example.com/점검)에 있습니다. "
                + HOSTILE,
            true,
            NOW.minus(Duration.ofDays(1)),
            NOW.plus(Duration.ofDays(3)),
            Set.of(),
            NOW,
            "admin"));
    wall.put(
        Actor.SYSTEM,
        new Notice(
            Name.of("past"),
            new Title("지난 공지"),
            "",
            false,
            null,
            NOW.minus(Duration.ofDays(1)),
            Set.of(Name.of("dev")),
            NOW.minus(Duration.ofDays(9)),
            "admin"));
    wall.put(
        Actor.SYSTEM,
        new WallLink(
            Name.of("wiki"),
            new Title("사내 위키"),
            "https://wiki.example.com/",
            new Title("작업 절차와 연락처"),
            10,
            Set.of()));
    wall.put(
        Actor.SYSTEM,
        new WallLink(
            Name.of("ci"),
            new Title("CI"),
            "https://ci.example.com/",
            Title.NONE,
            20,
            Set.of(Name.of("dev"))));
  }

  /// Targets on the fly like `build`, in one network of this machine's.
  static AdHocTargets adHoc(Directory directory) {
    return new AdHocTargets(
        directory,
        new LendingVault(),
        List.of(Network.parse("127.9.0.0/16"), Network.parse("169.254.0.0/16")),
        Name.of("build"),
        new AdHocLimits(3, 2));
  }

  /// The number of the channel of that kind in the session that has all of them.
  static int channelOf(ChannelKind kind) {
    return List.of(ChannelKind.values()).indexOf(kind);
  }

  private static String subject(ChannelKind kind) {
    return switch (kind) {
      case SHELL, AGENT, X11 -> "";
      case EXEC -> "systemctl restart nginx && journalctl -u nginx --since '5 minutes ago'";
      case SFTP -> "sftp";
      case SCP -> "scp -t /srv/www/배포";
      case RSYNC -> "rsync --server -logDtpre.iLsfxC . /srv/www";
      case GIT -> "git-upload-pack '/srv/git/급여.git'";
      case LOCAL_FORWARD -> "10.0.7.5:5432";
      case REMOTE_FORWARD -> "127.0.0.1:8080 ← 203.0.113.7:51812";
      case LOCAL_SOCKET_FORWARD -> "/run/postgresql/.s.PGSQL.5432";
      case REMOTE_SOCKET_FORWARD -> "/run/user/1000/bus";
    };
  }

  /// What the ledger of a day holds, oldest first.
  static List<AuditEvent> events(List<Session> samples) {
    Session night = samples.get(1);
    List<AuditEvent> events = new ArrayList<>();
    events.add(event(AuditCode.SERVER_START, "system", null, "", Map.of("version", "0.1.0")));
    events.add(event(AuditCode.LOGIN_SUCCESS, "alice", null, "ssh", Map.of("factor", "publickey")));
    events.add(
        event(
            AuditCode.LOGIN_FAILURE,
            "chulsoo",
            null,
            "ssh",
            Map.of("factor", "password", "reason", "wrong password")));
    events.add(
        event(
            AuditCode.ACCESS_DENIED,
            "chulsoo",
            null,
            "payroll-db",
            Map.of("account", "postgres", "reason", "no grant for that account")));
    events.add(
        event(
            AuditCode.SESSION_START,
            "alice",
            night.id(),
            "payroll-db",
            Map.of("account", "postgres", "grant", "ops-on-prod", "login", "postgres")));
    events.add(
        event(
            AuditCode.CHANNEL_REFUSED,
            "alice",
            night.id(),
            "127.0.0.1:8080",
            Map.of("kind", "remote-forward", "reason", "the grant has no remote-forward")));
    events.add(
        event(
            AuditCode.FILE_OPERATION,
            "alice",
            night.id(),
            "/var/backups/급여-2026-11.sql.gz",
            Map.of("operation", "open", "result", "ok", "bytesRead", "9877120", "channel", "2")));
    events.add(
        event(
            AuditCode.HOST_KEY_MISMATCH,
            "alice",
            null,
            "web-2",
            Map.of("expected", KEY.fingerprint(), "proven", "SHA256:" + "x".repeat(43))));
    events.add(
        event(
            AuditCode.SESSION_END,
            "alice",
            night.id(),
            "payroll-db",
            Map.of("cause", "person-left", "seconds", "1931")));
    events.add(
        event(AuditCode.STORAGE_LOW, "system", null, "", Map.of("usableBytes", "104857600")));
    return events;
  }

  private static AuditEvent event(
      AuditCode code,
      String actor,
      @Nullable SessionId session,
      String subject,
      Map<String, String> details) {
    String source = actor.equals("system") ? "" : "10.1.2.34";
    return new AuditEvent(
        NOW.minus(Duration.ofMinutes(30)), code, actor, source, session, subject, details);
  }

  /// A growing shell, an ended shell, a command.
  static void lines(MemoryTranscripts store, List<Session> samples) {
    for (Session session : List.of(samples.get(1), samples.getFirst())) {
      String prompt = "postgres@payroll:~$";
      store.add(session, Direction.INPUT, 1, prompt, "ls -la 급여");
      store.add(session, Direction.OUTPUT, 1, "", "-rw-r----- 1 postgres dba  98712 급여-1.sql");
      store.add(session, Direction.OUTPUT, 2, "", "-rw-r----- 1 postgres dba  98713 급여-2.sql");
      store.add(session, Direction.INPUT, 9, prompt, "psql payroll -c 'select * from 급여'");
      store.add(
          session, Direction.OUTPUT, 10, "", "<script>alert(3)</script> =1+2 permission denied");
      store.add(session, Direction.INPUT, 20, "Password:", "[hidden input]");
      store.add(session, Direction.SCREEN, 30, "", "top - 03:12:01 up 41 days, load average: 0.41");
      store.add(session, Direction.INPUT, 40, prompt, "=cmd|' /C calc'!A0");
    }
  }

  static void recordings(MemoryRecordingStore store, List<Session> samples) {
    RecordingId live = new RecordingId(samples.getFirst().id(), 0);
    terminal(store, live);
    store.grows(live, true);
    terminal(store, new RecordingId(samples.get(1).id(), 0));
    RecordingId command = new RecordingId(samples.get(1).id(), 1);
    store.line(command, "{\"ongsung\": 1, \"kind\": \"exec\", \"command\": \"pg_dump payroll\"}");
    store.line(command, "[0.1, \"stdout\", \"text:-- PostgreSQL 덤프\\nCREATE TABLE <급여>;\\n\"]");
    store.line(command, "[0.2, \"stderr\", \"text:pg_dump: error: <script>alert(2)</script>\\n\"]");
    store.line(command, "{\"at\": 0.3, \"exitStatus\": 1, \"streams\": {}}");
    Session day = samples.get(3);
    terminal(store, new RecordingId(day.id(), channelOf(ChannelKind.SHELL)));
    terminal(store, new RecordingId(day.id(), ChannelKind.values().length));
    RecordingId restart = new RecordingId(day.id(), channelOf(ChannelKind.EXEC));
    store.line(restart, "{\"ongsung\": 1, \"kind\": \"exec\", \"command\": \"systemctl\"}");
    store.line(restart, "{\"at\": 0.3, \"exitStatus\": 0, \"streams\": {}}");
  }

  private static void terminal(MemoryRecordingStore store, RecordingId id) {
    store.line(id, "{\"version\": 2, \"width\": 80, \"height\": 24, \"timestamp\": 1795000000}");
    String prompt = "\\u001b[32mpostgres@payroll\\u001b[0m:~$ ";
    store.line(id, "[0.2, \"o\", \"" + prompt + "\"]");
    store.line(id, "[1.0, \"i\", \"ls\"]");
    store.line(id, "[1.1, \"o\", \"ls -la 급여\\r\\n\"]");
    for (int i = 1; i <= 12; i++) {
      String row = "-rw-r----- 1 postgres dba  98712 Nov " + (10 + i) + " 03:12 급여-" + i + ".sql";
      store.line(id, "[" + (1.1 + i / 10.0) + ", \"o\", \"" + row + "\\r\\n\"]");
    }
    store.line(id, "[3.0, \"o\", \"" + prompt + "\"]");
    store.line(id, "[9.0, \"o\", \"psql payroll\\r\\npsql (15.8)\\r\\npayroll=# \"]");
  }

  private static Session session(
      MemorySessionStore store,
      String user,
      String target,
      String account,
      Instant start,
      @Nullable SessionState state,
      EndReason reason) {
    Session session =
        new Session(
            SessionId.create(start),
            Name.of(user),
            Name.of(target),
            Name.of(account),
            account,
            Protocol.SSH,
            Name.of("ops-on-prod"),
            "publickey " + KEY.fingerprint(),
            "10.1.2.34",
            "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3",
            "gate-1",
            start,
            null);
    store.start(session);
    if (state != null) {
      Name by = state == SessionState.TERMINATED ? Name.of("admin") : null;
      store.end(
          session.id(),
          new Session.End(start.plusSeconds(1_931), state, reason, by, 48_291, 9_911_204));
    }
    return session;
  }

  private static void channel(
      MemorySessionStore store,
      Session session,
      int number,
      ChannelKind kind,
      String subject,
      @Nullable Integer exit,
      long in,
      long out) {
    Instant opened = session.startedAt().plusSeconds(2L + number * 60L);
    store.openChannel(new SessionChannel(session.id(), number, kind, subject, opened, null));
    if (store.find(session.id()).orElseThrow().state() != SessionState.LIVE) {
      store.closeChannel(
          session.id(),
          number,
          new SessionChannel.End(
              opened.plusSeconds(55),
              exit,
              null,
              in,
              out,
              "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
              "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
              0,
              true));
    }
  }

  private static FileOperation file(
      Session session,
      String kind,
      String path,
      String other,
      String detail,
      long read,
      long written,
      String result) {
    return new FileOperation(
        session.id(),
        2,
        session.startedAt().plusSeconds(130),
        kind,
        path,
        other,
        detail,
        read,
        written,
        result);
  }
}
