package org.ongsung.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.directory.Actor;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.model.Account;
import org.ongsung.model.Capability;
import org.ongsung.model.Grant;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.model.User;

class AuthorizerTest {
  private static final InetAddress OFFICE = InetAddress.ofLiteral("10.1.2.3");
  private static final OffsetDateTime END = OffsetDateTime.parse("2030-01-01T00:00:00+09:00");

  private final MemoryDirectory directory = new MemoryDirectory();
  private Instant now = END.toInstant().minusSeconds(1);
  private final InstantSource clock = () -> now;
  private final Authorizer authorizer = new Authorizer(directory, clock);
  private final ReachQuestions questions = new ReachQuestions(directory, clock);

  /// Which of user, group, name, labels, account, network and end must fit, one wrong at a time.
  @ParameterizedTest
  @CsvSource({
    "users=alice;targets=web-1;as=root, yes",
    "groups=ops;targets=web-1;as=root, yes",
    "users=bob;groups=ops;targets=web-1;as=root, yes",
    "users=alice;groups=dev;targets=web-1;as=root, yes",
    "users=bob;groups=dev;targets=web-1;as=root, no",
    "users=alice;labels=env:prod;as=root, yes",
    "users=alice;labels=env:prod+tier:1;as=root, yes",
    "users=alice;labels=env:prod+tier:2;as=root, no",
    "users=alice;labels=env:prod+zone:a;as=root, no",
    "users=alice;labels=env:test;as=root, no",
    "users=alice;targets=web-2;labels=env:prod;as=root, yes",
    "users=alice;targets=web-1;labels=env:test;as=root, yes",
    "users=alice;targets=web-2;as=root, no",
    "users=alice;targets=web-1;as=deploy, no",
    "users=alice;targets=web-1;as=deploy+root, yes",
    "users=alice;targets=web-1;as=root;from=10.0.0.0/8, yes",
    "users=alice;targets=web-1;as=root;from=10.1.2.3, yes",
    "users=alice;targets=web-1;as=root;from=10.1.2.4, no",
    "users=alice;targets=web-1;as=root;from=192.0.2.0/24+10.0.0.0/8, yes",
    "users=alice;targets=web-1;as=root;from=192.0.2.0/24, no",
    "users=alice;targets=web-1;as=root;from=::/0, no",
    "users=alice;targets=web-1;as=root;until=2030-01-01T00:00:00+09:00, yes",
    "users=alice;targets=web-1;as=root;until=2029-12-31T14:59:59Z, no",
    "users=alice;targets=web-1;as=root;until=2029-12-31T23:59:59+09:00, no"
  })
  void aGrantFitsWhenAllOfItDoes(String grant, String expected) {
    directory
        .with(user("alice", "ops"), user("bob"))
        .with(
            target("web-1", Map.of("env", "prod", "tier", "1"), "root"),
            target("web-2", Map.of("env", "stage"), "root"));
    directory.with(parse("g", grant));
    boolean yes = expected.equals("yes");
    assertThat(authorizer.authorise(alice(), request("web-1", "root")) instanceof Decision.Permit)
        .isEqualTo(yes);
    assertThat(
            authorizer.reachable(alice()).stream()
                .anyMatch(reachable -> reachable.target().name().value().equals("web-1")))
        .isEqualTo(yes);
  }

  @Test
  void aPermitCarriesWhatWasDecided() {
    given();
    TargetGrant grant = permit(request("web-1", "root"));
    assertThat(grant.target().name()).isEqualTo(Name.of("web-1"));
    assertThat(grant.account().name()).isEqualTo(Name.of("root"));
    assertThat(grant.grant().name()).isEqualTo(Name.of("g"));
    assertThat(grant.user().user().name()).isEqualTo(Name.of("alice"));
    assertThat(grant.allows(Capability.SHELL)).isTrue();
    assertThat(grant.allows(Capability.X11)).isFalse();
    assertThat(grant.capabilities()).containsOnly(Capability.SHELL);
  }

  @Test
  void theOnlyAccountIsTakenAndOfSeveralOneIsChosen() {
    directory
        .with(user("alice", "ops"))
        .with(target("web-1", Map.of(), "deploy", "root", "backup"))
        .with(parse("g", "users=alice;targets=web-1;as=root"));
    assertThat(permit(request("web-1", null)).account().name()).isEqualTo(Name.of("root"));

    directory.with(parse("h", "groups=ops;targets=web-1;as=deploy"));
    Decision.Choose choose =
        (Decision.Choose) authorizer.authorise(alice(), request("web-1", null));
    assertThat(choose.accounts())
        .extracting(account -> account.name().value())
        .containsExactly("deploy", "root");
    assertThat(permit(request("web-1", "deploy")).grant().name()).isEqualTo(Name.of("h"));
  }

  @Test
  void ofSeveralGrantsTheOneThatAllowsMostIsTakenThenTheFirstByName() {
    directory
        .with(user("alice"))
        .with(target("web-1", Map.of(), "root"))
        .with(
            parse("b", "users=alice;targets=web-1;as=root;may=shell+exec"),
            parse("a", "users=alice;targets=web-1;as=root;may=shell+sftp"),
            parse("c", "users=alice;targets=web-1;as=root;may=shell"));
    assertThat(permit(request("web-1", "root")).grant().name()).isEqualTo(Name.of("a"));
    directory.with(parse("d", "users=alice;targets=web-1;as=root;may=shell+sftp+exec"));
    assertThat(permit(request("web-1", "root")).grant().name()).isEqualTo(Name.of("d"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"web-2", "nowhere", "No Name", "", "web-1\u0000", "../web-1"})
  void noSuchTargetAndNoGrantAreOneKindOfAnswer(String target) {
    given();
    assertThat(authorizer.authorise(alice(), request(target, null)))
        .isInstanceOf(Decision.Deny.class);
    assertThat(authorizer.authorise(alice(), request(target, "root")))
        .isInstanceOf(Decision.Deny.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy", "nobody", "Root", ""})
  void anAccountThatIsNotLentIsDeniedWhetherItIsThereOrNot(String account) {
    given();
    assertThat(authorizer.authorise(alice(), request("web-1", account)))
        .isEqualTo(new Decision.Deny("no grant for that account"));
  }

  @Test
  void aUserWhoIsGoneOrInactiveReachesNothing() {
    given();
    AuthenticatedUser alice = alice();
    directory.with(inactive("alice"));
    assertThat(authorizer.authorise(alice, request("web-1", "root")))
        .isInstanceOf(Decision.Deny.class);
    assertThat(authorizer.reachable(alice)).isEmpty();
    change(change -> change.deleteUser(Name.of("alice")));
    assertThat(authorizer.authorise(alice, request("web-1", "root")))
        .isInstanceOf(Decision.Deny.class);
    assertThat(authorizer.reachable(alice)).isEmpty();
  }

  @Test
  void groupsAreThoseOfNowAndNotOfTheLogin() {
    directory
        .with(user("alice"))
        .with(target("web-1", Map.of(), "root"))
        .with(parse("g", "groups=ops;targets=web-1;as=root"));
    AuthenticatedUser alice = alice();
    assertThat(authorizer.reachable(alice)).isEmpty();
    directory.with(user("alice", "ops"));
    assertThat(authorizer.reachable(alice)).hasSize(1);
    assertThat(authorizer.authorise(alice, request("web-1", null)))
        .isInstanceOf(Decision.Permit.class);
  }

  @Test
  void aGrantEndsAtItsUntilToTheSecond() {
    directory
        .with(user("alice"))
        .with(target("web-1", Map.of(), "root"))
        .with(parse("g", "users=alice;targets=web-1;as=root;until=" + END));
    TargetGrant grant = permit(request("web-1", "root"));
    assertThat(authorizer.stillHolds(grant)).isTrue();
    now = END.toInstant();
    assertThat(authorizer.standing(grant)).isEqualTo(Authorizer.Standing.OVER);
    assertThat(authorizer.authorise(alice(), request("web-1", "root")))
        .isInstanceOf(Decision.Deny.class);
  }

  @Test
  void aSessionHoldsUntilAnyOfItsGroundsIsTakenAway() {
    given();
    TargetGrant grant = permit(request("web-1", "root"));
    String same = "users=alice;targets=web-1;as=root";
    assertThat(authorizer.stillHolds(grant)).isTrue();
    directory.with(parse("g", same + ";may=shell+exec"));
    assertThat(authorizer.stillHolds(grant)).isTrue();

    List<Runnable> withdrawals =
        List.of(
            () -> change(change -> change.deleteGrant(Name.of("g"))),
            () -> change(change -> change.deleteUser(Name.of("alice"))),
            () -> change(change -> change.deleteTarget(Name.of("web-1"))),
            () -> directory.with(inactive("alice")),
            () -> directory.with(parse("g", "users=bob;targets=web-1;as=root")),
            () -> directory.with(parse("g", "users=alice;targets=web-2;as=root")),
            () -> directory.with(parse("g", "users=alice;targets=web-1;as=deploy")),
            () -> directory.with(parse("g", same + ";may=exec")),
            () -> directory.with(parse("g", same + ";from=192.0.2.0/24")),
            () -> directory.with(target("web-1", Map.of(), "deploy")),
            () -> directory.with(moved("web-1", "root")));
    for (Runnable withdrawal : withdrawals) {
      given();
      directory.with(target("web-2", Map.of(), "root"));
      assertThat(authorizer.stillHolds(grant)).isTrue();
      withdrawal.run();
      assertThat(authorizer.standing(grant)).isEqualTo(Authorizer.Standing.WITHDRAWN);
    }
  }

  @Test
  void aGrantThatIsShortenedIsOverAndNotWithdrawn() {
    given();
    TargetGrant grant = permit(request("web-1", "root"));
    String over = "users=alice;targets=web-1;as=root;until=2029-01-01T00:00:00Z";
    directory.with(parse("g", over));
    assertThat(authorizer.standing(grant)).isEqualTo(Authorizer.Standing.OVER);
    directory.with(parse("g", over + ";from=192.0.2.0/24"));
    assertThat(authorizer.standing(grant)).isEqualTo(Authorizer.Standing.WITHDRAWN);
  }

  @Test
  void aGrantOfTheSameNameAfterADeletionIsJudgedByWhatItSays() {
    given();
    TargetGrant grant = permit(request("web-1", "root"));
    change(change -> change.deleteGrant(Name.of("g")));
    assertThat(authorizer.stillHolds(grant)).isFalse();
    given();
    assertThat(authorizer.stillHolds(grant)).isTrue();
  }

  @Test
  void theQuestionsAreAnsweredByRow() {
    directory
        .with(user("alice", "ops"), user("bob", "ops"), inactive("carol", "ops"))
        .with(
            target("web-1", Map.of("env", "prod"), "deploy", "root"),
            target("web-2", Map.of("env", "prod"), "root"))
        .with(
            parse("all", "groups=ops;labels=env:prod;as=root;from=192.0.2.0/24"),
            parse("ended", "groups=ops;labels=env:prod;as=root;until=2020-01-01T00:00:00Z"),
            parse("extra", "users=alice;targets=web-1;as=deploy+root;until=" + END));
    assertThat(shown(questions.whoReaches(Name.of("web-1"), 100)))
        .containsExactly(
            "alice deploy@web-1 extra",
            "alice root@web-1 all",
            "alice root@web-1 extra",
            "bob root@web-1 all");
    assertThat(shown(questions.whatReaches(Name.of("alice"), 100)))
        .containsExactly(
            "alice deploy@web-1 extra",
            "alice root@web-1 all",
            "alice root@web-1 extra",
            "alice root@web-2 all");
    ReachRow row = questions.whatReaches(Name.of("bob"), 1).rows().getFirst();
    assertThat(row.may()).containsOnly(Capability.SHELL);
    assertThat(row.from()).containsExactly(Network.parse("192.0.2.0/24"));
    assertThat(row.until()).isNull();
    assertThat(shown(questions.whatReaches(Name.of("carol"), 100))).isEmpty();
    assertThat(shown(questions.whatReaches(Name.of("nobody"), 100))).isEmpty();
    assertThat(shown(questions.whoReaches(Name.of("nowhere"), 100))).isEmpty();
  }

  @Test
  void anAnswerHasALimitAndSaysWhenThereIsMore() {
    directory
        .with(user("alice"))
        .with(target("web-1", Map.of(), "a", "b", "c"))
        .with(parse("g", "users=alice;targets=web-1;as=a+b+c"));
    assertThat(questions.whatReaches(Name.of("alice"), 3).rows()).hasSize(3);
    assertThat(questions.whatReaches(Name.of("alice"), 3).more()).isFalse();
    assertThat(questions.whatReaches(Name.of("alice"), 2).rows()).hasSize(2);
    assertThat(questions.whatReaches(Name.of("alice"), 2).more()).isTrue();
    assertThatThrownBy(() -> questions.whatReaches(Name.of("alice"), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> questions.whoReaches(Name.of("web-1"), ReachQuestions.MAX_ROWS + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// The index must say what the plain rule says, on directories thrown together at random.
  @Test
  void decisionsListsAndAnswersAgreeWithThePlainRule() {
    Random random = new Random(20260101);
    for (int round = 0; round < 60; round++) {
      MemoryDirectory some = new MemoryDirectory();
      randomDirectory(some, random);
      Authorizer judge = new Authorizer(some, clock);
      ReachQuestions asked = new ReachQuestions(some, clock);
      Set<String> rowsByTarget = new HashSet<>();
      for (Target target : some.snapshot().targets().values()) {
        rowsByTarget.addAll(shown(asked.whoReaches(target.name(), 10_000)));
      }
      Set<String> rowsByUser = new HashSet<>();
      for (User user : some.snapshot().users().values()) {
        rowsByUser.addAll(shown(asked.whatReaches(user.name(), 10_000)));
        AuthenticatedUser who = new AuthenticatedUser(user, "password", OFFICE, now);
        Set<String> listed = new HashSet<>();
        judge
            .reachable(who)
            .forEach(
                reachable ->
                    reachable
                        .reaches()
                        .forEach(
                            reach ->
                                listed.add(
                                    reach.account().name()
                                        + "@"
                                        + reachable.target().name()
                                        + " "
                                        + reach.grant().name())));
        assertThat(listed).isEqualTo(plainReach(some, user));
        for (Target target : some.snapshot().targets().values()) {
          for (Account account : target.accounts()) {
            String word = account.name() + "@" + target.name() + " ";
            Decision decision =
                judge.authorise(who, request(target.name().value(), account.name().value()));
            assertThat(decision instanceof Decision.Permit)
                .isEqualTo(listed.stream().anyMatch(entry -> entry.startsWith(word)));
          }
        }
      }
      assertThat(rowsByUser).isEqualTo(rowsByTarget);
    }
  }

  private Set<String> plainReach(MemoryDirectory some, User user) {
    Set<String> reach = new HashSet<>();
    if (!user.active()) {
      return reach;
    }
    for (Target target : some.snapshot().targets().values()) {
      for (Account account : target.accounts()) {
        some.snapshot().grants().values().stream()
            .filter(
                grant ->
                    grant.who().includes(user)
                        && grant.where().includes(target)
                        && grant.as().contains(account.name())
                        && grant.allowsFrom(OFFICE)
                        && grant.holdsAt(now))
            .min(
                Comparator.<Grant>comparingInt(grant -> -grant.may().size())
                    .thenComparing(Grant::name))
            .ifPresent(
                grant -> reach.add(account.name() + "@" + target.name() + " " + grant.name()));
      }
    }
    return reach;
  }

  private static void randomDirectory(MemoryDirectory some, Random random) {
    for (int i = 0; i < 6; i++) {
      String[] groups = pick(random, "g", 3);
      some.with(random.nextInt(6) == 0 ? inactive("u" + i, groups) : user("u" + i, groups));
      some.with(target("t" + i, randomLabels(random), random.nextBoolean() ? "a0" : "a2", "a1"));
    }
    for (int i = 0; i < 12; i++) {
      some.with(
          new Grant(
              Name.of("grant" + i),
              new Grant.Who(names(pick(random, "u", 6)), names(pick(random, "g", 3))),
              new Grant.Where(names(pick(random, "t", 6)), randomLabels(random)),
              names(pick(random, "a", 3)),
              random.nextBoolean() ? EnumSet.of(Capability.SHELL) : EnumSet.allOf(Capability.class),
              random.nextInt(4) == 0 ? List.of(Network.parse("192.0.2.0/24")) : List.of(),
              random.nextInt(4) == 0 ? END.minusYears(random.nextInt(2)) : null,
              Grant.Limits.NONE));
    }
  }

  private static Map<String, String> randomLabels(Random random) {
    return Stream.of(pick(random, "l", 3))
        .collect(Collectors.toMap(key -> key, _ -> "v" + random.nextInt(2)));
  }

  private static String[] pick(Random random, String prefix, int of) {
    return IntStream.range(0, of)
        .filter(_ -> random.nextInt(3) == 0)
        .mapToObj(i -> prefix + i)
        .toArray(String[]::new);
  }

  private void given() {
    directory
        .with(user("alice"), user("bob"))
        .with(target("web-1", Map.of(), "root", "deploy"), target("web-2", Map.of(), "root"))
        .with(parse("g", "users=alice;targets=web-1;as=root"));
  }

  private void change(java.util.function.Consumer<DirectoryChange.Builder> writing) {
    DirectoryChange.Builder builder = new DirectoryChange.Builder();
    writing.accept(builder);
    directory.change(Actor.SYSTEM, _ -> builder.build());
  }

  private static List<String> shown(ReachQuestions.Answer answer) {
    return answer.rows().stream()
        .map(row -> row.user() + " " + row.account() + "@" + row.target() + " " + row.grant())
        .toList();
  }

  private TargetGrant permit(AccessRequest request) {
    return ((Decision.Permit) authorizer.authorise(alice(), request)).grant();
  }

  private AuthenticatedUser alice() {
    User alice = directory.snapshot().user(Name.of("alice")).orElseThrow();
    return new AuthenticatedUser(alice, "password", OFFICE, Instant.EPOCH);
  }

  private static AccessRequest request(String target, @Nullable String account) {
    return new AccessRequest(target, account);
  }

  /// `users=a+b;groups=…;targets=…;labels=k:v+k:v;as=…;may=…;from=…;until=…`
  private static Grant parse(String name, String text) {
    Map<String, String> parts =
        Stream.of(text.split(";"))
            .map(part -> part.split("=", 2))
            .collect(Collectors.toMap(part -> part[0], part -> part[1]));
    Map<String, String> labels =
        words(parts.get("labels")).stream()
            .map(label -> label.split(":", 2))
            .collect(Collectors.toMap(label -> label[0], label -> label[1]));
    Set<Capability> may =
        words(parts.getOrDefault("may", "shell")).stream()
            .map(Capability::of)
            .collect(Collectors.toSet());
    String until = parts.get("until");
    return new Grant(
        Name.of(name),
        new Grant.Who(
            names(words(parts.get("users")).toArray(String[]::new)),
            names(words(parts.get("groups")).toArray(String[]::new))),
        new Grant.Where(names(words(parts.get("targets")).toArray(String[]::new)), labels),
        names(words(parts.get("as")).toArray(String[]::new)),
        may,
        words(parts.get("from")).stream().map(Network::parse).toList(),
        until == null ? null : OffsetDateTime.parse(until),
        Grant.Limits.NONE);
  }

  private static List<String> words(@Nullable String text) {
    return text == null ? List.of() : List.of(text.split("\\+"));
  }

  private static Set<Name> names(String... names) {
    return Stream.of(names).map(Name::of).collect(Collectors.toSet());
  }

  private static User user(String name, String... groups) {
    return new User(
        Name.of(name), Title.NONE, Set.of(Role.USER), names(groups), true, null, List.of());
  }

  private static User inactive(String name, String... groups) {
    return new User(
        Name.of(name), Title.NONE, Set.of(Role.USER), names(groups), false, null, List.of());
  }

  private static Target target(String name, Map<String, String> labels, String... accounts) {
    return target(name, "127.0.0.1", labels, accounts);
  }

  private static Target moved(String name, String... accounts) {
    return target(name, "127.0.0.2", Map.of(), accounts);
  }

  private static Target target(
      String name, String host, Map<String, String> labels, String... accounts) {
    return new Target(
        Name.of(name),
        Title.NONE,
        Protocol.SSH,
        new HostAndPort(host, 22),
        labels,
        HostKeyPolicy.TRUST_ON_FIRST_USE,
        List.of(),
        Stream.of(accounts).map(a -> new Account(Name.of(a), a, Set.of())).toList());
  }
}
