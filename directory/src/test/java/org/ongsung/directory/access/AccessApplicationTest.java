package org.ongsung.directory.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ongsung.directory.Actor;
import org.ongsung.directory.Difference;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectoryRuleException;
import org.ongsung.directory.Problem;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.User;

class AccessApplicationTest {
  private static final SshPublicKey KEY =
      SshPublicKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJEKPuHfzXHyOTwcUlNTxMRDQJDXuWRgq6sPFgbOGLCm web");
  private static final String FILE =
      """
      groups:
        - {name: ops, title: 운영}
        - {name: empty}
      users:
        - name: root
          roles: [admin]
        - name: alice
          title: "김앨리스 \\"A\\" 👩\u200d🔧: #1"
          groups: [ops, web]
          password: {plain: "correct horse"}
          publicKeys: ["%s"]
          language: ko
        - {name: "null", active: false}
      targets:
        - name: web-1
          title: 웹 1
          protocol: ssh
          address: "[2001:db8::1]:2222"
          labels: {env: prod, "a: b": "c, d", "yes": "no"}
          hostKeys: ["%s"]
          accounts:
            - {name: root, password: {plain: toor}}
            - {name: deploy, login: "De Ploy"}
        - name: web-2
          protocol: ssh
          address: web-2.example
          encoding: cp949
          hostKeys: trust-on-first-use
          accounts: [{name: root, password: {plain: toor2}}]
      grants:
        - name: ops-on-prod
          who: {groups: [ops], users: [alice]}
          where: {labels: {env: prod}, targets: [web-2]}
          as: [root, deploy]
          may: [shell, exec, x11]
          from: [127.0.0.0/8, "::1"]
          until: 2030-01-01T00:00:00+09:00
          limits: {idle: 90m, duration: 1d, sessions: 10}
      """
          .formatted(KEY.line(), KEY.line());

  private final AccessFixture fixture = new AccessFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void applyingAFileMakesItSoAndApplyingItTwiceChangesNothing() throws Exception {
    AccessResult first = apply(FILE);
    assertThat(first.applied()).isTrue();
    assertThat(first.differences())
        .extracting(d -> d.kind().text() + " " + d.name() + " " + d.action().text())
        .containsExactly(
            "user alice create",
            "user null create",
            "group empty create",
            "group ops create",
            "group web create",
            "target web-1 create",
            "target web-2 create",
            "grant ops-on-prod create");
    assertThat(fixture.secret("web-1", "root", SecretKind.PASSWORD)).isEqualTo("toor");
    assertThat(first.notes())
        .containsExactly(
            "account deploy of target web-1 has neither password nor key: nobody gets in with it"
                + " yet");
    long version = fixture.directory.snapshot().version();
    int events = fixture.events.size();

    AccessResult second = apply(FILE);
    assertThat(second.differences()).isEmpty();
    assertThat(second.applied()).isFalse();
    assertThat(fixture.directory.snapshot().version()).isEqualTo(version);
    assertThat(fixture.events).hasSize(events);
  }

  @Test
  void anExportGivesTheSameBackWithoutSecretsAndApplyingItChangesNothing() throws Exception {
    apply(FILE);
    learnHostKey();
    AccessDocument export = AccessExporter.export(fixture.directory.snapshot());
    String yaml = AccessYaml.write(export);
    assertThat(yaml)
        .contains("김앨리스")
        .contains("hostKeys: trust-on-first-use")
        .doesNotContain("toor")
        .doesNotContain("correct horse")
        .doesNotContain("argon2id")
        .doesNotContain("password");

    for (boolean prune : new boolean[] {false, true}) {
      assertThat(fixture.application.apply(AccessFixture.ACTOR, read(yaml), prune).differences())
          .isEmpty();
    }
    AccessDocument tree = AccessTree.read(AccessTree.write(export));
    assertThat(fixture.application.apply(AccessFixture.ACTOR, tree, true).differences()).isEmpty();
    assertThat(fixture.secret("web-1", "root", SecretKind.PASSWORD)).isEqualTo("toor");
    assertThat(target("web-2").hostKeys()).containsExactly(KEY);
    assertThat(user("alice").password()).isNotNull();
    assertThat(AccessYaml.write(read(yaml))).isEqualTo(yaml);
  }

  @Test
  void aLanguageThatAPersonChoseStaysUnlessAFileNamesOne() throws Exception {
    apply(FILE);
    assertThat(user("alice").language()).isEqualTo(LanguageChoice.KOREAN);
    String alice = "users: [{name: alice%s}]";
    apply(alice.formatted(""));
    assertThat(user("alice").language()).isEqualTo(LanguageChoice.KOREAN);
    AccessResult other = apply(alice.formatted(", language: en"));
    assertThat(other.differences()).singleElement().asString().contains("language");
    assertThat(user("alice").language()).isEqualTo(LanguageChoice.ENGLISH);
    apply(alice.formatted(", language: auto"));
    assertThat(user("alice").language()).isEqualTo(LanguageChoice.AUTO);
    assertThat(AccessYaml.write(AccessExporter.export(fixture.directory.snapshot())))
        .doesNotContain("language");
  }

  @Test
  void aDocumentTravelsAsATreeWithItsSecrets() throws Exception {
    AccessDocument sent = AccessTree.read(AccessTree.write(read(FILE)));
    fixture.application.apply(AccessFixture.ACTOR, sent, false);
    assertThat(apply(FILE).differences()).isEmpty();
    assertThat(fixture.secret("web-2", "root", SecretKind.PASSWORD)).isEqualTo("toor2");
  }

  @Test
  void aPreviewSaysTheSameAndDoesNothing() throws Exception {
    AccessResult preview = fixture.application.preview(AccessFixture.ACTOR, read(FILE), false);
    assertThat(preview.applied()).isFalse();
    assertThat(fixture.directory.snapshot().version()).isEqualTo(1);
    assertThat(fixture.events).hasSize(1);
    assertThat(apply(FILE).differences()).isEqualTo(preview.differences());
  }

  @Test
  void changedPasswordsAndSecretsAreToldAsChangedOnly() throws Exception {
    apply(FILE);
    AccessResult result =
        apply(FILE.replace("correct horse", "battery staple").replace("toor2", "other"));
    assertThat(result.differences()).hasSize(2);
    assertThat(result.differences().get(0).changes())
        .containsExactly(new Difference.Change("password", "set", "changed"));
    assertThat(result.differences().get(1).changes())
        .containsExactly(new Difference.Change("accounts.root.password", "set", "changed"));
    assertThat(fixture.secret("web-2", "root", SecretKind.PASSWORD)).isEqualTo("other");
    assertThat(fixture.events.toString()).doesNotContain("staple").doesNotContain("other");
  }

  @Test
  void passwordsAndSecretsGoOnlyWhenTheDocumentSaysNone() throws Exception {
    apply(FILE);
    AccessResult result = apply(FILE.replaceAll("password: \\{plain: [^}]*\\}", "password: none"));
    assertThat(result.differences()).hasSize(3);
    assertThat(user("alice").password()).isNull();
    assertThat(fixture.secrets).isEmpty();
  }

  @Test
  void aSecretThatDoesNotOpenIsSealedAnew() throws Exception {
    apply(FILE);
    fixture.vaultBroken = true;
    assertThat(apply(FILE).differences())
        .extracting(d -> d.name().value())
        .containsExactly("web-1", "web-2");
  }

  @Test
  void pinningReplacesLearnedKeysAndTrustingKeepsPinnedOnes() throws Exception {
    apply(FILE);
    apply(FILE.replace("hostKeys: [\"" + KEY.line() + "\"]", "hostKeys: trust-on-first-use"));
    assertThat(target("web-1").hostKeys()).containsExactly(KEY);
    learnHostKey();
    apply(FILE.replace("hostKeys: trust-on-first-use", "hostKeys: []"));
    assertThat(target("web-2").hostKeys()).isEmpty();
  }

  @Test
  void withoutPruneNothingGoes() throws Exception {
    apply(FILE);
    assertThat(apply("users: []").differences()).isEmpty();
  }

  @Test
  void pruneTakesAwayWhatTheDocumentDoesNotName() throws Exception {
    apply(FILE);
    AccessResult result = prune(AccessFixture.ACTOR, "users: [{name: root, roles: [admin]}]");
    assertThat(result.differences())
        .extracting(d -> d.kind().text() + " " + d.name() + " " + d.action().text())
        .containsExactly(
            "user alice delete",
            "user null delete",
            "group empty delete",
            "group ops delete",
            "group web delete",
            "target web-1 delete",
            "target web-2 delete",
            "grant ops-on-prod delete");
    assertThat(fixture.secrets).isEmpty();
  }

  @Test
  void pruneKeepsTheActorAndTheLastAdmins() throws Exception {
    apply(FILE);
    apply(
        "users: [{name: second, roles: [admin], groups: [wheel]}, {name: third, roles: [admin]}]");

    AccessResult nobodyNamed = prune(new Actor("local-admin", ""), "targets: []");
    assertThat(fixture.directory.snapshot().users().keySet())
        .extracting(Name::value)
        .containsExactly("root", "second", "third");
    assertThat(nobodyNamed.notes())
        .containsExactly(
            "user root is kept: nobody else would be an active admin",
            "user second is kept: nobody else would be an active admin",
            "user third is kept: nobody else would be an active admin");
    assertThat(fixture.directory.snapshot().groups().keySet()).containsExactly(Name.of("wheel"));

    AccessResult byRoot = prune(AccessFixture.ACTOR, "users: [{name: third, roles: [admin]}]");
    assertThat(byRoot.notes()).containsExactly("user root is kept: it is you");
    prune(AccessFixture.ACTOR, "users: []");
    assertThat(fixture.directory.snapshot().users().keySet()).containsExactly(Name.of("root"));

    assertThat(prune(new Actor("root", ""), "users: []").differences()).isEmpty();
  }

  @Test
  void aDocumentThatBreaksARuleChangesNothingAtAll() {
    assertThatThrownBy(() -> apply(FILE.replace("users: [alice]", "users: [alice, mallory]")))
        .isInstanceOf(DirectoryRuleException.class)
        .hasMessage("grant ops-on-prod names users that do not exist: mallory");
    assertThatThrownBy(() -> apply("users: [{name: root, roles: [user]}]"))
        .isInstanceOf(DirectoryRuleException.class)
        .hasMessageContaining("admin");
    assertThatThrownBy(
            () -> apply("users: [{name: x, password: {argon2id: \"$argon2id$m=9999999\"}}]"))
        .isInstanceOf(DirectoryRuleException.class)
        .hasMessage("user x: too dear");
    assertThat(fixture.directory.snapshot().version()).isEqualTo(1);
    assertThat(fixture.secrets).isEmpty();
    assertThat(fixture.events).hasSize(1);
  }

  @Test
  void aPasswordIsHashedOnceHoweverOftenThePlanIsMade() throws Exception {
    apply(FILE);
    assertThat(fixture.passwords.hashed).hasValue(1);
    apply(FILE);
    assertThat(fixture.passwords.compared).hasValue(1);
  }

  @Test
  void oneEntryAloneIsWrittenTheSameWay() throws Exception {
    apply(FILE);
    UserEntry entry =
        AccessTree.readUser(
            Name.of("alice"), Map.of("title", "Alice", "roles", List.of("user", "auditor")));
    AccessResult result =
        fixture.application.apply(AccessFixture.ACTOR, AccessDocument.of(entry), false);
    assertThat(result.differences()).hasSize(1);
    assertThat(user("alice").roles()).containsOnly(Role.USER, Role.AUDITOR);
    assertThat(user("alice").groups()).isEmpty();
    assertThat(user("alice").password()).isNotNull();
  }

  @Test
  void whatIsWrongInATreeIsToldWithItsPath() {
    Map<String, Object> tree =
        Map.of(
            "users",
            List.of(
                Map.of("name", "alice", "roles", List.of("user", "boss"), "active", "maybe"),
                "nobody"),
            "targets",
            List.of(
                Map.of(
                    "name",
                    "web-1",
                    "protocol",
                    "ssh",
                    "address",
                    "x",
                    "hostKeys",
                    "trust-on-first-use",
                    "accounts",
                    List.of(Map.of("name", "root", "privateKeyFile", "/etc/passwd")))),
            "folk",
            1);
    assertThatThrownBy(() -> AccessTree.read(tree))
        .isInstanceOfSatisfying(
            AccessDocumentException.class,
            e ->
                assertThat(Problem.texts(e.problems()))
                    .hasSize(5)
                    .anyMatch(p -> p.startsWith("users[0].roles[1]: expected a role: "))
                    .anyMatch(
                        p ->
                            p.equals(
                                "users[0].active: expected true or false, found a single value"))
                    .anyMatch(p -> p.equals("users[1]: expected an object, found a single value"))
                    .anyMatch(
                        p ->
                            p.startsWith("targets[0].accounts[0].privateKeyFile: ")
                                && p.contains("not here"))
                    .anyMatch(p -> p.startsWith("unknown key \"folk\"; expected one of grants, ")));
    assertThatThrownBy(() -> AccessTree.readUser(Name.of("alice"), Map.of("name", "bob")))
        .hasMessage("name: expected alice, the name in the address, or no name");
    assertThatThrownBy(() -> AccessTree.readUser(Name.of("alice"), "alice"))
        .hasMessage("expected an object, found a single value");
  }

  private void learnHostKey() {
    fixture.directory.change(
        Actor.SYSTEM,
        snapshot -> {
          Target old = snapshot.target(Name.of("web-2")).orElseThrow();
          return new DirectoryChange.Builder()
              .put(
                  new Target(
                      old.name(),
                      old.title(),
                      old.protocol(),
                      old.address(),
                      old.labels(),
                      old.hostKeyPolicy(),
                      List.of(KEY),
                      old.accounts()))
              .build();
        });
  }

  private Target target(String name) {
    return fixture.directory.snapshot().target(Name.of(name)).orElseThrow();
  }

  private User user(String name) {
    return fixture.directory.snapshot().user(Name.of(name)).orElseThrow();
  }

  private AccessResult apply(String yaml) throws AccessDocumentException {
    return fixture.application.apply(AccessFixture.ACTOR, read(yaml), false);
  }

  private AccessResult prune(Actor actor, String yaml) throws AccessDocumentException {
    return fixture.application.apply(actor, read(yaml), true);
  }

  private static AccessDocument read(String yaml) throws AccessDocumentException {
    return AccessFileReader.read(
        "access.yaml", yaml.getBytes(StandardCharsets.UTF_8), Path.of("/nowhere"));
  }
}
