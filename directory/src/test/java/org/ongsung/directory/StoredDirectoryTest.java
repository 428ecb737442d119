package org.ongsung.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.model.Account;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Capability;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.model.User;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.SecretId;

class StoredDirectoryTest {
  private static final Actor ACTOR = new Actor("admin", "192.0.2.1");
  private static final User ADMIN =
      new User(
          Name.of("admin"), Title.NONE, Set.of(Role.ADMIN), Set.of(), true, hash("a"), List.of());
  private static final SecretId SECRET =
      new SecretId(Name.of("web-1"), Name.of("root"), SecretKind.PASSWORD);
  private static final SealedSecret SEALED = new SealedSecret("k1", new byte[40]);

  private static final SshPublicKey KEY = key(1);
  private static final SshPublicKey OTHER_KEY = key(2);

  private final MemoryStore store = new MemoryStore();
  private final MemoryLedger events = new MemoryLedger();
  private final Ledger ledger = new Ledger(events, LedgerLimits.DEFAULT);
  private StoredDirectory directory;

  @BeforeEach
  void open() {
    directory = open(Duration.ofHours(1));
    directory.change(ACTOR, _ -> new DirectoryChange.Builder().put(ADMIN).build());
  }

  private StoredDirectory open(Duration pollInterval) {
    return new StoredDirectory(
        store,
        ledger,
        InstantSource.fixed(Instant.EPOCH),
        new DirectoryLimits(4, 4, 4, 4, 3, 3, pollInterval, 2, Duration.ofSeconds(100)));
  }

  @AfterEach
  void close() {
    directory.close();
    ledger.close();
  }

  @Test
  void aChangeIsDurableVisibleAndInTheLedgerWithBeforeAndAfter() {
    change(builder -> builder.put(user("alice", "Alice", "ops")));
    change(builder -> builder.put(user("alice", "김앨리스", "ops")));

    assertThat(directory.snapshot()).isSameAs(directory.snapshot());
    assertThat(directory.snapshot().version()).isEqualTo(store.version()).isEqualTo(3);
    assertThat(store.load().user(Name.of("alice"))).hasValue(user("alice", "김앨리스", "ops"));
    assertThat(events.codes())
        .containsExactly("user.created", "user.created", "group.created", "user.changed");
    AuditEvent changed = events.events().getLast();
    assertThat(changed.actor()).isEqualTo("admin");
    assertThat(changed.source()).isEqualTo("192.0.2.1");
    assertThat(changed.subject()).isEqualTo("alice");
    assertThat(changed.details())
        .containsEntry("title.before", "Alice")
        .containsEntry("title.after", "김앨리스")
        .containsEntry("version", "3")
        .containsOnlyKeys("title.before", "title.after", "version", "change");
  }

  @Test
  void writingAnEntryAsItIsChangesNothing() {
    change(builder -> builder.put(user("alice", "Alice", "ops")));
    int before = events.events().size();

    change(builder -> builder.put(user("alice", "Alice", "ops")).put(ADMIN));

    assertThat(directory.snapshot().version()).isEqualTo(2);
    assertThat(events.events()).hasSize(before);
  }

  @Test
  void hashesAndSecretsNeverReachTheLedger() {
    change(builder -> builder.put(target(SecretKind.PASSWORD)).put(SECRET, SEALED));
    change(
        builder ->
            builder
                .put(withPassword(ADMIN, hash("b")))
                .put(SECRET, new SealedSecret("k1", new byte[41])));

    assertThat(events.events().toString()).doesNotContain("argon2id");
    assertThat(events.codes())
        .containsExactly(
            "user.created",
            "target.created",
            "secret.changed",
            "user.changed",
            "target.changed",
            "secret.changed");
    assertThat(events.events().get(3).details())
        .containsEntry("password.before", "set")
        .containsEntry("password.after", "changed");
    assertThat(events.events().get(4).details())
        .containsEntry("accounts.root.password.after", "changed");
  }

  @Test
  void aSecretGoesWithItsAccountOrTarget() {
    change(builder -> builder.put(target(SecretKind.PASSWORD)).put(SECRET, SEALED));
    change(builder -> builder.put(target()));
    assertThat(store.secrets()).isEmpty();

    change(builder -> builder.put(target(SecretKind.PASSWORD)).put(SECRET, SEALED));
    assertThat(store.secrets()).containsOnlyKeys(SECRET);
    change(builder -> builder.deleteTarget(Name.of("web-1")));
    assertThat(store.secrets()).isEmpty();
  }

  @Test
  void anAccountSaysItHasASecretExactlyWhenTheVaultHasIt() {
    refused(
        builder -> builder.put(target(SecretKind.PASSWORD)),
        "no secret was given for web-1/root/password");
    refused(
        builder -> builder.put(target()).put(SECRET, SEALED),
        "a secret was given for web-1/root/password, which has none");
    change(builder -> builder.put(target(SecretKind.PASSWORD)).put(SECRET, SEALED));
    refused(
        builder -> builder.deleteSecret(SECRET),
        "the secret of web-1/root/password cannot go while the account says it has one");
  }

  @Test
  void thereIsAlwaysAnActiveAdmin() {
    String problem = "at least one active user must have the role admin";
    refused(builder -> builder.deleteUser(Name.of("admin")), problem);
    refused(
        builder ->
            builder.put(
                new User(
                    ADMIN.name(), ADMIN.title(), ADMIN.roles(), Set.of(), false, null, List.of())),
        problem);
    refused(
        builder ->
            builder.put(
                new User(ADMIN.name(), ADMIN.title(), Set.of(), Set.of(), true, null, List.of())),
        problem);
  }

  @Test
  void nobodyTakesANameThatMeansAnotherInTheLedger() {
    for (String name : List.of("system", "local-admin")) {
      refused(
          builder -> builder.put(user(name, "")),
          "no user can be named " + name + ": the ledger means another by it");
    }
  }

  @Test
  void aGrantNamesWhatIsThere() {
    refused(
        builder -> builder.put(grant("g", Set.of("bob"), Set.of("dev"), Set.of("web-9"))),
        "grant g names users that do not exist: bob",
        "grant g names groups that do not exist: dev",
        "grant g names targets that do not exist: web-9");
  }

  @Test
  void whatAGrantNamesCannotGoBeforeTheGrant() {
    change(
        builder ->
            builder
                .put(user("alice", "", "ops"))
                .put(target())
                .put(grant("g", Set.of("alice"), Set.of("ops"), Set.of("web-1"))));
    refused(
        builder -> builder.deleteUser(Name.of("alice")),
        "grant g names users that do not exist: alice");
    refused(
        builder -> builder.deleteTarget(Name.of("web-1")),
        "grant g names targets that do not exist: web-1");
    refused(
        builder -> builder.put(user("alice", "", "x")).deleteGroup(Name.of("ops")),
        "grant g names groups that do not exist: ops");

    change(
        builder ->
            builder
                .deleteGrant(Name.of("g"))
                .deleteUser(Name.of("alice"))
                .deleteGroup(Name.of("ops"))
                .deleteTarget(Name.of("web-1")));
    assertThat(directory.snapshot().grants()).isEmpty();
    assertThat(directory.snapshot().groups()).isEmpty();
  }

  @Test
  void aGroupWithMembersStays() {
    change(builder -> builder.put(user("alice", "", "ops")));
    refused(builder -> builder.deleteGroup(Name.of("ops")), "group ops still has members: alice");
  }

  @Test
  void aGrantSaysSomething() {
    refused(
        builder ->
            builder.put(
                new Grant(
                    Name.of("g"),
                    new Grant.Who(Set.of(), Set.of()),
                    new Grant.Where(Set.of(), Map.of()),
                    Set.of(),
                    Set.of(),
                    List.of(),
                    null,
                    Grant.Limits.NONE)),
        "grant g is for nobody: name users or groups under who",
        "grant g is for no target: name targets or labels under where",
        "grant g lends no account: name accounts under as",
        "grant g allows nothing: say what under may");
  }

  @Test
  void countsHoldAtTheLimitAndNotPastIt() {
    for (String name : List.of("u1", "u2", "u3")) {
      change(builder -> builder.put(user(name, "")));
    }
    refused(builder -> builder.put(user("u4", "")), "at most 4 users; these would be 5");

    change(builder -> builder.put(grant("g", Set.of("u1", "u2", "u3"), Set.of(), Set.of(), "env")));
    refused(
        builder ->
            builder.put(grant("g", Set.of("u1", "u2", "u3", "admin"), Set.of(), Set.of(), "env")),
        "grant g lists more than 3 names of a kind");
  }

  @Test
  void aChangeThatWritesAnEntryTwiceIsRefused() {
    refused(builder -> builder.put(user("u", "")).put(user("u", "x")), "user u is written twice");
    refused(
        builder -> builder.put(user("u", "")).deleteUser(Name.of("u")), "user u is written twice");
  }

  @Test
  void nothingChangesWhenTheLedgerCannotBeWritten() {
    events.failing = true;
    assertThatThrownBy(() -> change(builder -> builder.put(user("alice", ""))))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThat(store.version()).isEqualTo(1);
    assertThat(directory.snapshot().users()).hasSize(1);
  }

  @Test
  void anAnnouncedChangeThatTheStoreRefusesIsTakenBackInTheLedger() {
    store.beforeSave =
        () -> {
          throw new IllegalStateException("disk full");
        };
    assertThatThrownBy(() -> change(builder -> builder.put(user("alice", ""))))
        .hasMessage("disk full");
    assertThat(events.codes()).containsExactly("user.created", "user.created", "change.failed");
    List<AuditEvent> told = events.events();
    assertThat(told.get(2).details().get("change"))
        .isEqualTo(told.get(1).details().get("change"))
        .isNotEqualTo(told.get(0).details().get("change"));
  }

  @Test
  void aChangeIsDecidedAnewWhenSomebodyElseWasFaster() {
    store.beforeSave =
        () -> store.save(1, new DirectoryChange.Builder().put(user("bob", "")).build());
    AtomicInteger decisions = new AtomicInteger();
    DirectorySnapshot after =
        directory.change(
            ACTOR,
            snapshot -> {
              decisions.incrementAndGet();
              return new DirectoryChange.Builder()
                  .put(user("alice", snapshot.users().size() + " before"))
                  .build();
            });
    assertThat(decisions).hasValue(2);
    assertThat(after.user(Name.of("alice")).orElseThrow().title().value()).isEqualTo("2 before");
    assertThat(after.user(Name.of("bob"))).isPresent();
    assertThat(events.codes())
        .containsExactly("user.created", "user.created", "change.failed", "user.created");
  }

  @Test
  void aChangeGivesUpWhenOthersAreAlwaysFaster() {
    AtomicInteger others = new AtomicInteger();
    assertThatThrownBy(
            () ->
                directory.change(
                    ACTOR,
                    snapshot -> {
                      store.save(
                          store.version(),
                          new DirectoryChange.Builder()
                              .put(user("bob", "v" + others.incrementAndGet()))
                              .build());
                      return new DirectoryChange.Builder().put(user("alice", "")).build();
                    }))
        .isInstanceOf(DirectoryRuleException.class)
        .hasMessageContaining("try again");
    assertThat(others).hasValue(3);
    assertThat(events.codes()).containsExactly("user.created");
  }

  @Test
  void listenersHearEveryChangeOneAtATimeAndAFailingOneHarmsNobody() throws InterruptedException {
    BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
    directory.onChange(
        _ -> {
          throw new IllegalStateException("a listener's own fault");
        });
    directory.onChange(snapshot -> heard.add(snapshot.version()));
    change(builder -> builder.put(user("alice", "")));
    awaitVersion(heard, 2);
    change(builder -> builder.put(user("bob", "")));
    awaitVersion(heard, 3);
  }

  @Test
  void changesOfOtherProcessesAreFound() throws InterruptedException {
    try (StoredDirectory other = open(Duration.ofMillis(10))) {
      BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
      other.onChange(snapshot -> heard.add(snapshot.version()));
      change(builder -> builder.put(user("alice", "")));
      awaitVersion(heard, 2);
      assertThat(other.snapshot().user(Name.of("alice"))).isPresent();
    }
  }

  @Test
  void anEntryTooLongForOneEventIsToldInSeveral() {
    List<Account> accounts = new ArrayList<>();
    for (int i = 0; i < Target.MAX_ACCOUNTS; i++) {
      accounts.add(new Account(Name.of("a" + i), "l".repeat(255), Set.of()));
    }
    change(builder -> builder.put(targetWith(accounts)));
    List<AuditEvent> told = events.events().subList(1, events.events().size());
    assertThat(told).hasSize(5).allMatch(event -> event.code().text().equals("target.created"));
    assertThat(told.stream().flatMap(event -> event.details().keySet().stream()).distinct())
        .contains("accounts.a0.login.after", "accounts.a199.login.after");
  }

  /// Takes what was heard until `version` comes; an older one may still have been on its way.
  private static void awaitVersion(BlockingQueue<Long> heard, long version)
      throws InterruptedException {
    Long next = heard.poll(60, TimeUnit.SECONDS);
    while (next != null && next < version) {
      next = heard.poll(60, TimeUnit.SECONDS);
    }
    assertThat(next).isEqualTo(version);
  }

  private void change(java.util.function.Consumer<DirectoryChange.Builder> writing) {
    DirectoryChange.Builder builder = new DirectoryChange.Builder();
    writing.accept(builder);
    directory.change(ACTOR, _ -> builder.build());
  }

  private void refused(
      java.util.function.Consumer<DirectoryChange.Builder> writing, String... problems) {
    int before = events.events().size();
    assertThatThrownBy(() -> change(writing))
        .isInstanceOfSatisfying(
            DirectoryRuleException.class,
            e -> assertThat(Problem.texts(e.problems())).containsExactly(problems));
    assertThat(events.events()).hasSize(before);
  }

  private static PasswordHash hash(String salt) {
    return new PasswordHash("$argon2id$v=19$m=8,t=1,p=1$" + salt);
  }

  private static User user(String name, String title, String... groups) {
    return new User(
        Name.of(name),
        new Title(title),
        Set.of(Role.USER),
        Set.of(groups).stream().map(Name::of).collect(java.util.stream.Collectors.toSet()),
        true,
        null,
        List.of());
  }

  private static User withPassword(User user, PasswordHash hash) {
    return new User(
        user.name(), user.title(), user.roles(), user.groups(), true, hash, user.publicKeys());
  }

  private static Target target(SecretKind... secrets) {
    return targetWith(List.of(new Account(Name.of("root"), "root", Set.of(secrets))));
  }

  @Test
  void whatWasLearnedIsForgottenInTheLedger() {
    Target fresh = target();
    change(builder -> builder.put(fresh));
    change(builder -> builder.put(withKeys(fresh, KEY, OTHER_KEY)));
    assertThat(events.codes()).doesNotContain("hostkey.forgotten");

    change(builder -> builder.put(withKeys(fresh, OTHER_KEY)));
    assertThat(events.codes()).endsWith("target.changed", "hostkey.forgotten");
    AuditEvent told = events.events().getLast();
    assertThat(told.subject()).isEqualTo("web-1");
    assertThat(told.details())
        .containsEntry("key", KEY.toString())
        .containsEntry("address", "127.0.0.1:22")
        .containsKeys("change", "version");

    change(builder -> builder.deleteTarget(fresh.name()));
    assertThat(events.codes()).endsWith("target.deleted", "hostkey.forgotten");
    assertThat(events.events().getLast().details()).containsEntry("key", OTHER_KEY.toString());
  }

  private static SshPublicKey key(int fill) {
    byte[] type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
    byte[] blob = new byte[4 + type.length + 4 + 32];
    Arrays.fill(blob, (byte) fill);
    ByteBuffer.wrap(blob).putInt(type.length).put(type).putInt(32);
    return SshPublicKey.ofBlob(blob, "");
  }

  private static Target withKeys(Target target, SshPublicKey... keys) {
    return new Target(
        target.name(),
        target.title(),
        target.protocol(),
        target.address(),
        target.labels(),
        target.hostKeyPolicy(),
        List.of(keys),
        target.accounts(),
        target.prompts(),
        target.encoding());
  }

  private static Target targetWith(List<Account> accounts) {
    return new Target(
        Name.of("web-1"),
        Title.NONE,
        Protocol.SSH,
        new HostAndPort("127.0.0.1", 22),
        Map.of("env", "prod"),
        HostKeyPolicy.TRUST_ON_FIRST_USE,
        List.of(),
        accounts);
  }

  private static Grant grant(
      String name, Set<String> users, Set<String> groups, Set<String> targets, String... labels) {
    Map<String, String> where = labels.length == 0 ? Map.of() : Map.of(labels[0], "prod");
    return new Grant(
        Name.of(name),
        new Grant.Who(names(users), names(groups)),
        new Grant.Where(names(targets), where),
        Set.of(Name.of("root")),
        Set.of(Capability.SHELL),
        List.of(),
        null,
        Grant.Limits.NONE);
  }

  private static Set<Name> names(Set<String> names) {
    return names.stream().map(Name::of).collect(java.util.stream.Collectors.toSet());
  }

  @Test
  void groupsMayBeMadeAndTitledAlone() {
    change(builder -> builder.put(new Group(Name.of("ops"), new Title("운영"))));
    change(builder -> builder.put(user("alice", "", "ops")));
    assertThat(directory.snapshot().group(Name.of("ops")).orElseThrow().title().value())
        .isEqualTo("운영");
  }
}
