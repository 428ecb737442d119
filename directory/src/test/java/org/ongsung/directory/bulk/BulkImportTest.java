package org.ongsung.directory.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.Problem;
import org.ongsung.directory.access.AccessDocument;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessExporter;
import org.ongsung.directory.access.TargetEntry;
import org.ongsung.directory.access.UserEntry;
import org.ongsung.model.Account;
import org.ongsung.model.Group;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LoginPrompts;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.TextEncoding;
import org.ongsung.model.Title;
import org.ongsung.model.User;

class BulkImportTest {
  private static final SshPublicKey KEY =
      SshPublicKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBk0kyOpFW5Kk6l1OnJQSQmCYJ0j1EvmUjkPG5MzJ7aB"
              + " alice; the \"first\", of many");

  private static final DirectorySnapshot NOW =
      new DirectorySnapshot(
          1,
          List.of(
              new User(
                  Name.of("alice"),
                  new Title("=HYPERLINK(\"x\")"),
                  Set.of(Role.USER, Role.AUDITOR),
                  Set.of(Name.of("ops"), Name.of("dev")),
                  true,
                  null,
                  List.of(KEY, KEY)),
              new User(Name.of("bob"), Title.NONE, Set.of(), Set.of(), false, null, List.of())),
          List.of(new Group(Name.of("ops"), Title.NONE), new Group(Name.of("dev"), Title.NONE)),
          List.of(
              new Target(
                  Name.of("web-1"),
                  new Title("-웹 서버, 1호"),
                  Protocol.SSH,
                  new HostAndPort("::1", 2200),
                  Map.of("env", "prod", "팀", "인프라"),
                  HostKeyPolicy.PINNED,
                  List.of(KEY),
                  List.of(
                      new Account(Name.of("root"), "root", Set.of(SecretKind.PASSWORD)),
                      new Account(Name.of("app"), "앱 사용자", Set.of()))),
              new Target(
                  Name.of("switch-1"),
                  Title.NONE,
                  Protocol.TELNET,
                  new HostAndPort("10.0.0.7", 23),
                  Map.of(),
                  HostKeyPolicy.TRUST_ON_FIRST_USE,
                  List.of(),
                  List.of(new Account(Name.of("op"), "op", Set.of(SecretKind.PASSWORD))),
                  new LoginPrompts(
                      List.of("*아이디:", "@; \"name\", please*"),
                      List.of("*암호:"),
                      List.of("=>"),
                      List.of("*거부*")),
                  TextEncoding.CP949)),
          List.of());

  private static Imported read(BulkFormat format, String text) throws Exception {
    return BulkImport.read(format, text, NOW);
  }

  private static List<String> problems(BulkFormat format, String text) {
    AccessDocumentException e =
        catchThrowableOfType(
            AccessDocumentException.class, () -> BulkImport.read(format, text, NOW));
    assertThat(e).as(text).isNotNull();
    return Problem.texts(e.problems());
  }

  private static List<UserEntry> users(String csv) throws Exception {
    return read(BulkFormat.USERS_CSV, csv).document().users();
  }

  private static Map<String, TargetEntry> targets(BulkFormat format, String text) throws Exception {
    return read(format, text).document().targets().stream()
        .collect(Collectors.toMap(target -> target.name().value(), target -> target));
  }

  @Test
  void whatIsExportedAndImportedAgainChangesNothing() throws Exception {
    for (Locale language : List.of(Locale.ENGLISH, Locale.KOREAN)) {
      AccessDocument same = AccessExporter.export(NOW);
      assertThat(users(CsvExport.users(NOW, language))).isEqualTo(same.users());
      assertThat(
              read(BulkFormat.TARGETS_CSV, CsvExport.targets(NOW, language)).document().targets())
          .isEqualTo(same.targets());
    }
    assertThat(CsvExport.users(NOW, Locale.KOREAN)).startsWith("\uFEFF이름,설명,역할,그룹");
    assertThat(CsvExport.users(NOW, Locale.ENGLISH)).contains("\"'=HYPERLINK(\"\"x\"\")\"");
    assertThat(CsvExport.targets(NOW, Locale.ENGLISH)).contains("\"'-웹 서버, 1호\"");
  }

  @Test
  void howATargetAsksAndWritesMayBeSaidTakenBackAndLeftOut() throws Exception {
    Map<String, TargetEntry> read =
        targets(
            BulkFormat.TARGETS_CSV,
            """
            대상,프로토콜,주소,인코딩,로그인 프롬프트,비밀번호 프롬프트
            switch-1,,,-,-,"*pin:
            *passcode:"
            switch-2,telnet,10.0.0.8,EUC-KR,*id:,
            """);
    TargetEntry there = read.get("switch-1");
    assertThat(there.encoding()).isEqualTo(TextEncoding.UTF_8);
    assertThat(there.prompts())
        .isEqualTo(
            new LoginPrompts(
                List.of(), List.of("*pin:", "*passcode:"), List.of("=>"), List.of("*거부*")));
    TargetEntry fresh = read.get("switch-2");
    assertThat(fresh.encoding()).isEqualTo(TextEncoding.EUC_KR);
    assertThat(fresh.prompts().login()).containsExactly("*id:");
    assertThat(problems(BulkFormat.TARGETS_CSV, "name,encoding\nswitch-1,latin-1\n"))
        .singleElement()
        .asString()
        .contains("latin-1", "cp949");
    assertThat(problems(BulkFormat.TARGETS_CSV, "name,login prompt\nswitch-1,*\n"))
        .singleElement()
        .asString()
        .contains("*login:");
  }

  @Test
  void headsMayBeKoreanOrEnglishInAnyOrderAndCase() throws Exception {
    UserEntry user =
        users("\uFEFF그룹,아이디, 표시 이름 ,역할,사용\r\n\"ops, dev\",carol,김캐럴,사용자; 감사자,예\r\n").getFirst();
    assertThat(user.name()).isEqualTo(Name.of("carol"));
    assertThat(user.title()).isEqualTo(new Title("김캐럴"));
    assertThat(user.roles()).containsExactlyInAnyOrder(Role.USER, Role.AUDITOR);
    assertThat(user.groups()).hasSize(2);
    assertThat(users("USER_NAME,Public Key\ncarol," + "\n").getFirst().roles())
        .containsExactly(Role.USER);
    TargetEntry target =
        targets(BulkFormat.TARGETS_CSV, "대상,IP 주소,포트,계정\nweb-9,2001:db8::9,2222,root; app=앱\n")
            .get("web-9");
    assertThat(target.address()).isEqualTo(new HostAndPort("2001:db8::9", 2222));
    assertThat(target.accounts())
        .extracting(account -> account.login())
        .containsExactly("root", "앱");
    assertThat(target.hostKeyPolicy()).isEqualTo(HostKeyPolicy.TRUST_ON_FIRST_USE);
  }

  @Test
  void anEmptyCellLeavesWhatIsThereAndAHyphenEmptiesIt() throws Exception {
    UserEntry alice = users("name,title,groups,keys\nalice,,-,\n").getFirst();
    assertThat(alice.title().value()).isEqualTo("=HYPERLINK(\"x\")");
    assertThat(alice.groups()).isEmpty();
    assertThat(alice.publicKeys()).hasSize(2);
    TargetEntry web =
        targets(BulkFormat.TARGETS_CSV, "name,port,labels,accounts\nweb-1,22,-,app\n").get("web-1");
    assertThat(web.address()).isEqualTo(new HostAndPort("::1", 22));
    assertThat(web.labels()).isEmpty();
    assertThat(web.accounts()).singleElement().extracting(a -> a.login()).isEqualTo("앱 사용자");
    assertThat(web.hostKeys()).hasSize(1);
  }

  @Test
  void twoPortsOfOneTargetAreAProblemUnlessTheyAreTheSame() throws Exception {
    for (String host : List.of("10.0.0.9", "[2001:db8::9]")) {
      String list = "name,address,port\nweb-9," + host + ":2222,";
      assertThat(problems(BulkFormat.TARGETS_CSV, list + "22\n"))
          .containsExactly("line 2: the address says port 2222, and the column says 22");
      for (String same : List.of("2222", "")) {
        assertThat(targets(BulkFormat.TARGETS_CSV, list + same + "\n").get("web-9").address())
            .isEqualTo(HostAndPort.parse(host, 2222));
      }
    }
    assertThat(targets(BulkFormat.TARGETS_CSV, "name,port\nweb-1,22\n").get("web-1").address())
        .as("of what is there the column changes the port")
        .isEqualTo(new HostAndPort("::1", 22));
  }

  @Test
  void everyProblemIsToldWithItsLine() {
    assertThat(
            problems(
                BulkFormat.USERS_CSV,
                """
                name,active,roles,keys
                OPS,,,

                "carol",perhaps,,
                dave,,boss,
                dave,,,
                erin,,,ssh-rsa
                """))
        .hasSize(5)
        .satisfiesExactly(
            one -> assertThat(one).startsWith("line 2: not a name"),
            one -> assertThat(one).startsWith("line 4: active is yes or no"),
            one -> assertThat(one).startsWith("line 5: roles"),
            one -> assertThat(one).startsWith("line 6: \"dave\" stands on line 5 already"),
            one -> assertThat(one).startsWith("line 7: publicKeys"));
    assertThat(problems(BulkFormat.USERS_CSV, "title\nx\n").getFirst())
        .contains("there is no column \"name\"");
    assertThat(problems(BulkFormat.USERS_CSV, "name,address\nx,y\n").getFirst())
        .contains("unknown column \"address\"");
    assertThat(problems(BulkFormat.USERS_CSV, "name,name\n").getFirst()).contains("twice");
    assertThat(problems(BulkFormat.USERS_CSV, "").getFirst()).contains("the list is empty");
    assertThat(problems(BulkFormat.USERS_CSV, "name\na,b\n").getFirst()).contains("column 2");
    assertThat(problems(BulkFormat.TARGETS_CSV, "name\nx\n").getFirst()).startsWith("line 2:");
    assertThat(problems(BulkFormat.TARGETS_CSV, "name,address\nx,169.254.169.254\n").getFirst())
        .startsWith("line 2:");
  }

  @Test
  void aSpreadsheetsOwnWaysAreReadAsTheyAreMeant() throws Exception {
    String csv =
        "\uFEFFname,title,publicKeys,\r\n"
            + "\r\n"
            + ",,,\r\n"
            + "carol,\"김, \"\"캐럴\"\"\",\""
            + KEY.line().replace("\"", "\"\"")
            + "\r\n"
            + KEY.line().replace("\"", "\"\"")
            + "\"\r\n"
            + "dave,,,\r\n";
    List<UserEntry> users = users(csv);
    assertThat(users).extracting(user -> user.name().value()).containsExactly("carol", "dave");
    assertThat(users.getFirst().title().value()).isEqualTo("김, \"캐럴\"");
    assertThat(users.getFirst().publicKeys()).hasSize(2);
    assertThat(problems(BulkFormat.USERS_CSV, csv + "WRONG,,,\r\n").getFirst())
        .as("lines within quotes count")
        .startsWith("line 7: not a name");
  }

  @Test
  void linesMayEndInCarriageReturnsAlone() throws Exception {
    String list =
        "name,address,labels,accounts\r"
            + "web-9,10.0.0.9,\"env=prod\rteam=web\",\"root\rapp\"\r"
            + "web-1,,,\r";
    assertThat(targets(BulkFormat.TARGETS_CSV, list).get("web-9"))
        .satisfies(
            web -> {
              assertThat(web.labels()).isEqualTo(Map.of("env", "prod", "team", "web"));
              assertThat(web.accounts()).hasSize(2);
            });
    String keys = KEY.line().replace("\"", "\"\"");
    assertThat(users("name,keys\rcarol,\"" + keys + "\r" + keys + "\"\r").getFirst().publicKeys())
        .hasSize(2);
    assertThat(problems(BulkFormat.USERS_CSV, "name\rcarol\rWRONG\r").getFirst())
        .startsWith("line 3: not a name");
  }

  @Test
  void whatPartsTheColumnsInsteadOfCommasIsNamed() throws Exception {
    for (String separator : List.of(";", "\t", "|")) {
      for (String quote : List.of("", "\"")) {
        String list =
            "\uFEFF\r\nQ이름Q,Q주소Q,Q포트Q\r\nQweb-9Q,Q10.0.0.9Q,Q22Q\r\n"
                .replace(",", separator)
                .replace("Q", quote);
        assertThat(problems(BulkFormat.TARGETS_CSV, list))
            .as(list)
            .singleElement()
            .asString()
            .startsWith("line 2: the columns are parted by")
            .contains(separator.equals("\t") ? "Tab" : separator);
      }
    }
    assertThat(users("\"name\",\"title\"\ncarol,a;b|c\n")).hasSize(1);
    assertThat(users("name\ncarol\n")).hasSize(1);
    assertThat(problems(BulkFormat.USERS_CSV, "a;b\n").getFirst()).contains("unknown column");
  }

  @Test
  void tenThousandLinesAreReadWholeOrNotAtAll() throws Exception {
    int count = 10_000;
    String csv =
        "name,address\r\n"
            + IntStream.range(0, count)
                .mapToObj(i -> "web-" + i + ",10.1." + i / 250 + "." + (1 + i % 250) + "\r\n")
                .collect(Collectors.joining());
    List<TargetEntry> targets = read(BulkFormat.TARGETS_CSV, csv).document().targets();
    assertThat(targets).hasSize(count);
    assertThat(targets.getLast().address()).isEqualTo(new HostAndPort("10.1.39.250", 22));
    assertThat(problems(BulkFormat.TARGETS_CSV, csv + "WEB,10.1.1.1\r\n"))
        .singleElement()
        .asString()
        .startsWith("line " + (count + 2) + ": not a name");
  }

  @Test
  void problemsAndEntriesAreBounded() {
    String many =
        "name\n" + IntStream.range(0, 500).mapToObj(i -> "X" + i).collect(Collectors.joining("\n"));
    assertThat(problems(BulkFormat.USERS_CSV, many)).hasSize(100);
    assertThat(problems(BulkFormat.ANSIBLE_INI, "a[1:99999999]b\n").getFirst()).contains("at most");
    assertThat(problems(BulkFormat.ANSIBLE_INI, "a[1:999][1:999][1:999]\n").getFirst())
        .contains("at most");
    assertThat(problems(BulkFormat.USERS_CSV, "x".repeat(BulkImport.MAX_CHARACTERS + 1)).getFirst())
        .contains("at most");
  }

  @Test
  void anInventoryInIniBecomesTargetsWithTheirGroupsAsLabels() throws Exception {
    Imported imported =
        read(
            BulkFormat.ANSIBLE_INI,
            """
            # all of it
            bastion.example.com:2200 ansible_user="ops user"   # the way in
            mail ansible_connection=local

            [web]
            web[08:10].example.com ansible_user=deploy
            WEB_9 ansible_host=10.0.0.9

            [db]
            db-a ansible_host=2001:db8::1 ansible_port=2222

            [prod:children]
            web
            db

            [web:vars]
            ansible_port=22022
            http_port = 80

            [all:vars]
            ansible_user=root
            """);
    Map<String, TargetEntry> targets =
        imported.document().targets().stream()
            .collect(Collectors.toMap(t -> t.name().value(), t -> t));
    assertThat(targets.keySet())
        .containsExactlyInAnyOrder(
            "bastion.example.com",
            "web08.example.com",
            "web09.example.com",
            "web10.example.com",
            "web_9",
            "db-a");
    assertThat(targets.get("web08.example.com").address().port()).isEqualTo(22_022);
    assertThat(targets.get("web08.example.com").labels())
        .isEqualTo(Map.of("group.web", "yes", "group.prod", "yes"));
    assertThat(targets.get("web08.example.com").accounts().getFirst().login()).isEqualTo("deploy");
    assertThat(targets.get("web_9").title().value()).isEqualTo("WEB_9");
    assertThat(targets.get("web_9").accounts().getFirst().login()).isEqualTo("root");
    assertThat(targets.get("db-a").address()).isEqualTo(new HostAndPort("2001:db8::1", 2_222));
    TargetEntry bastion = targets.get("bastion.example.com");
    assertThat(bastion.address().port()).isEqualTo(2_200);
    assertThat(bastion.accounts().getFirst().name()).isEqualTo(Name.of("ops-user"));
    assertThat(bastion.accounts().getFirst().login()).isEqualTo("ops user");
    assertThat(imported.notes()).singleElement().asString().contains("mail is passed over");
  }

  @Test
  void anInventoryInYamlSaysTheSame() throws Exception {
    Map<String, TargetEntry> targets =
        targets(
            BulkFormat.ANSIBLE_YAML,
            """
            all:
              vars: {ansible_user: root, packages: [a, b]}
              hosts:
                bastion:
                  ansible_host: 10.0.0.1
              children:
                prod:
                  children:
                    web:
                      vars: {ansible_port: 22022}
                      hosts:
                        web[1:2]:
                          ansible_user: deploy
                          extra: {nested: yes}
                        web-1:
                empty:
            """);
    assertThat(targets.keySet()).containsExactlyInAnyOrder("bastion", "web1", "web2", "web-1");
    assertThat(targets.get("web2").address()).isEqualTo(new HostAndPort("web2", 22_022));
    assertThat(targets.get("web2").labels())
        .isEqualTo(Map.of("group.web", "yes", "group.prod", "yes"));
    assertThat(targets.get("bastion").accounts().getFirst().login()).isEqualTo("root");
    TargetEntry there = targets.get("web-1");
    assertThat(there.title().value()).isEqualTo("-웹 서버, 1호");
    assertThat(there.labels()).containsEntry("env", "prod").containsEntry("group.web", "yes");
    assertThat(there.accounts()).hasSize(2);
    assertThat(problems(BulkFormat.ANSIBLE_YAML, "all:\n  hosts: [a]\n").getFirst())
        .startsWith("line 2:");
    assertThat(problems(BulkFormat.ANSIBLE_YAML, "a: {hosts: {b: {ansible_host: '{{ x }}'}}}\n"))
        .singleElement()
        .asString()
        .contains("is a template");
  }

  @Test
  void groupsThatHoldEachOtherEnd() throws Exception {
    assertThat(
            targets(
                    BulkFormat.ANSIBLE_INI,
                    "[a]\nx\n[a:children]\nb\n[b:children]\na\n[a:vars]\nansible_user=u\n")
                .get("x")
                .labels())
        .isEqualTo(Map.of("group.a", "yes", "group.b", "yes"));
  }

  @Test
  void anSshConfigBecomesTargetsByTheFirstValueThatIsSaid() throws Exception {
    Imported imported =
        read(
            BulkFormat.SSH_CONFIG,
            """
            # mine
            Host web-2 web-3
              HostName %h.example.com
              User = deploy
            Host db
                HostName "10.0.0.5"
                Port 2222
                ProxyJump bastion
            Host web-* !web-3
                Port 22022
                User late
            Match host x exec "touch /tmp/x"
                HostName 10.9.9.9
            Include ~/.ssh/more
            Host *
                User fallback
            """);
    Map<String, TargetEntry> targets =
        imported.document().targets().stream()
            .collect(Collectors.toMap(t -> t.name().value(), t -> t));
    assertThat(targets.keySet()).containsExactlyInAnyOrder("web-2", "web-3", "db");
    assertThat(targets.get("web-2").address())
        .isEqualTo(new HostAndPort("web-2.example.com", 22_022));
    assertThat(targets.get("web-3").address().port()).isEqualTo(22);
    assertThat(targets.get("web-3").accounts().getFirst().login()).isEqualTo("deploy");
    assertThat(targets.get("db").address()).isEqualTo(new HostAndPort("10.0.0.5", 2_222));
    assertThat(targets.get("db").accounts().getFirst().login()).isEqualTo("fallback");
    assertThat(imported.notes())
        .anyMatch(note -> note.contains("db is reached through bastion"))
        .anyMatch(note -> note.contains("Match"))
        .anyMatch(note -> note.contains("Include"));
    assertThat(problems(BulkFormat.SSH_CONFIG, "Host *\n").getFirst()).contains("no host");
  }

  @Test
  void twoHostsThatWouldBeOneTargetAreAProblem() {
    assertThat(problems(BulkFormat.ANSIBLE_INI, "web 1\n")).hasSize(1);
    assertThat(problems(BulkFormat.ANSIBLE_INI, "web~1\nweb!1\n"))
        .singleElement()
        .asString()
        .contains("would both be the target web-1");
    assertThat(problems(BulkFormat.ANSIBLE_INI, "---\n").getFirst()).contains("gives no name");
  }

  @Test
  void starsInAPatternCostNoMoreThanTheyShould() throws Exception {
    String stars = "*a".repeat(100) + "b";
    assertThat(
            targets(
                BulkFormat.SSH_CONFIG,
                "Host " + "a".repeat(60) + "\nHost " + stars + "\n User never\nHost *\n"))
        .hasSize(1);
  }
}
