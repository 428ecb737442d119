package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.DirectoryStore;
import org.ongsung.directory.StaleDirectoryException;
import org.ongsung.model.Account;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.Name;
import org.ongsung.model.SecretKind;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.model.User;
import org.ongsung.vault.OwnSecret;
import org.ongsung.vault.OwnSecretStore;
import org.ongsung.vault.ResealableSecretStore;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.SecretId;

abstract class DirectoryStoreContract extends StoreContract {
  private static final SealedSecret SEALED = new SealedSecret("key-1", new byte[] {0, -1, 2, 3});

  private DirectoryStore directory;
  private ResealableSecretStore secrets;

  DirectoryStoreContract(DatabaseFixture fixture) {
    super(fixture);
  }

  @BeforeEach
  void takeTheDirectory() {
    directory = database.directory();
    secrets = database.secrets();
  }

  private static DirectoryChange.Builder everything() {
    return new DirectoryChange.Builder()
        .put(Samples.alice())
        .put(Samples.bob())
        .put(Samples.ops())
        .put(Samples.web1())
        .put(Samples.opsOnProd())
        .put(Samples.boundless());
  }

  @Test
  void aNewDirectoryIsEmptyAtVersionZero() {
    assertThat(directory.version()).isZero();
    DirectorySnapshot snapshot = directory.load();
    assertThat(snapshot.version()).isZero();
    assertThat(snapshot.users()).isEmpty();
  }

  @Test
  void everyEntryComesBackAsItWas() {
    assertThat(directory.save(0, everything().build())).isEqualTo(1);
    reopen();
    DirectorySnapshot snapshot = database.directory().load();
    assertThat(snapshot.version()).isEqualTo(1);
    assertThat(snapshot.users().values()).containsExactly(Samples.alice(), Samples.bob());
    assertThat(snapshot.user(Name.of("alice")).orElseThrow().publicKeys().getFirst().line())
        .isEqualTo(Samples.KEY.line());
    assertThat(snapshot.groups().values()).containsExactly(Samples.ops());
    assertThat(snapshot.targets().values()).containsExactly(Samples.web1());
    assertThat(snapshot.grants().values())
        .containsExactly(Samples.boundless(), Samples.opsOnProd());
  }

  @Test
  void entriesAreReplacedAndDeleted() {
    directory.save(0, everything().put(Samples.rootPassword(), SEALED).build());
    User renamed =
        new User(Name.of("alice"), new Title("다른 이름"), Set.of(), Set.of(), false, null, List.of());
    Target bare = Samples.with(Samples.web1());
    Grant replaced =
        new Grant(
            Name.of("ops-on-prod"),
            Samples.boundless().who(),
            Samples.boundless().where(),
            Set.of(),
            Set.of(),
            List.of(),
            null,
            Grant.Limits.NONE);
    Group retitled = new Group(Name.of("ops"), Title.NONE);
    directory.save(
        1,
        new DirectoryChange.Builder()
            .put(renamed)
            .put(bare)
            .put(replaced)
            .put(retitled)
            .deleteUser(Name.of("bob"))
            .deleteGrant(Name.of("boundless"))
            .build());
    DirectorySnapshot snapshot = directory.load();
    assertThat(snapshot.users().values()).containsExactly(renamed);
    assertThat(snapshot.targets().values()).containsExactly(bare);
    assertThat(snapshot.grants().values()).containsExactly(replaced);
    assertThat(snapshot.groups().values()).containsExactly(retitled);

    directory.save(
        2,
        new DirectoryChange.Builder()
            .deleteGroup(Name.of("ops"))
            .deleteTarget(Name.of("web-1"))
            .build());
    assertThat(directory.load().groups()).isEmpty();
    assertThat(directory.load().targets()).isEmpty();
  }

  @Test
  void aChangeDecidedOnAnOldVersionIsRefusedWhole() {
    directory.save(0, new DirectoryChange.Builder().put(Samples.ops()).build());
    assertThatThrownBy(
            () -> directory.save(0, everything().put(Samples.rootPassword(), SEALED).build()))
        .isInstanceOf(StaleDirectoryException.class);
    assertThat(directory.version()).isEqualTo(1);
    assertThat(directory.load().users()).isEmpty();
    assertThat(secrets.find(Samples.rootPassword())).isEmpty();
  }

  @Test
  void ofManyChangesAtOnceOneWinsEachVersion() throws Exception {
    int writers = 8;
    try (Database other = Database.open(fixture().config());
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<DirectoryStore> stores = List.of(directory, other.directory());
      List<Future<Boolean>> outcomes =
          IntStream.range(0, writers)
              .mapToObj(i -> pool.submit(() -> tryToAdd(stores.get(i % 2), i)))
              .toList();
      int won = 0;
      for (Future<Boolean> outcome : outcomes) {
        won += outcome.get() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    }
    assertThat(directory.load().version()).isEqualTo(1);
    assertThat(directory.load().groups()).hasSize(1);
  }

  private static boolean tryToAdd(DirectoryStore store, int number) {
    Group group = new Group(Name.of("group-" + number), Title.NONE);
    try {
      store.save(0, new DirectoryChange.Builder().put(group).build());
      return true;
    } catch (StaleDirectoryException e) {
      return false;
    }
  }

  @Test
  void secretsAreWrittenWithTheChangeAndSeenInTheAccounts() {
    directory.save(0, everything().put(Samples.rootPassword(), SEALED).build());
    assertThat(secrets.find(Samples.rootPassword())).contains(SEALED);
    assertThat(rootSecrets()).containsExactly(SecretKind.PASSWORD);

    SealedSecret newer = new SealedSecret("key-2", new byte[] {9});
    directory.save(1, new DirectoryChange.Builder().put(Samples.rootPassword(), newer).build());
    assertThat(secrets.find(Samples.rootPassword())).contains(newer);

    directory.save(2, new DirectoryChange.Builder().deleteSecret(Samples.rootPassword()).build());
    assertThat(secrets.find(Samples.rootPassword())).isEmpty();
    assertThat(rootSecrets()).isEmpty();
  }

  private Set<SecretKind> rootSecrets() {
    Target target = directory.load().target(Name.of("web-1")).orElseThrow();
    return target.account(Name.of("root")).orElseThrow().secrets();
  }

  @Test
  void secretsStayWhenTheirTargetIsWrittenAgain() {
    directory.save(0, everything().put(Samples.rootPassword(), SEALED).build());
    directory.save(1, new DirectoryChange.Builder().put(Samples.web1()).build());
    assertThat(secrets.find(Samples.rootPassword())).contains(SEALED);
  }

  @Test
  void secretsGoWithTheirAccountAndWithTheirTarget() {
    SecretId appKey = new SecretId(Name.of("web-1"), Name.of("app"), SecretKind.PRIVATE_KEY);
    directory.save(0, everything().put(Samples.rootPassword(), SEALED).put(appKey, SEALED).build());
    Account app = new Account(Name.of("app"), "app", Set.of());
    directory.save(1, new DirectoryChange.Builder().put(Samples.with(Samples.web1(), app)).build());
    assertThat(secrets.find(Samples.rootPassword())).isEmpty();
    assertThat(secrets.find(appKey)).contains(SEALED);

    directory.save(2, new DirectoryChange.Builder().deleteTarget(Name.of("web-1")).build());
    assertThat(secrets.find(appKey)).isEmpty();
  }

  @Test
  void theGatewaysOwnSecretsAreKeptReplacedListedAndTakenAway() {
    OwnSecretStore own = database.ownSecrets();
    assertThat(secrets.find(OwnSecret.WEBHOOK)).isEmpty();
    assertThat(own.remove(OwnSecret.WEBHOOK)).isFalse();
    own.put(OwnSecret.WEBHOOK, SEALED);
    directory.save(0, everything().put(Samples.rootPassword(), SEALED).build());
    assertThat(secrets.list()).containsExactlyInAnyOrder(OwnSecret.WEBHOOK, Samples.rootPassword());
    SealedSecret newer = new SealedSecret("key-2", new byte[] {9});
    own.put(OwnSecret.WEBHOOK, newer);
    assertThat(secrets.find(OwnSecret.WEBHOOK)).contains(newer);
    assertThat(secrets.replace(OwnSecret.WEBHOOK, SEALED, newer)).isFalse();
    assertThat(secrets.replace(OwnSecret.WEBHOOK, newer, SEALED)).isTrue();
    assertThat(secrets.find(OwnSecret.WEBHOOK)).contains(SEALED);
    assertThat(own.remove(OwnSecret.WEBHOOK)).isTrue();
    assertThat(secrets.list()).containsExactly(Samples.rootPassword());
  }

  @Test
  void listedAreTheSecretsOfEverything() {
    SecretId appKey = new SecretId(Name.of("web-1"), Name.of("app"), SecretKind.PRIVATE_KEY);
    directory.save(0, everything().put(Samples.rootPassword(), SEALED).put(appKey, SEALED).build());
    assertThat(secrets.list()).containsExactlyInAnyOrder(Samples.rootPassword(), appKey);
  }

  @Test
  void aSealIsReplacedOnlyWhereItStillStands() {
    directory.save(0, everything().put(Samples.rootPassword(), SEALED).build());
    SealedSecret newer = new SealedSecret("key-2", new byte[] {9});
    assertThat(secrets.replace(Samples.rootPassword(), newer, SEALED)).isFalse();
    assertThat(secrets.replace(Samples.rootPassword(), SEALED, newer)).isTrue();
    assertThat(secrets.find(Samples.rootPassword())).contains(newer);
  }
}
