package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.directory.Actor;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.adhoc.AdHocLimits;
import org.ongsung.directory.adhoc.AdHocResult;
import org.ongsung.directory.adhoc.AdHocTargets;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.model.Account;
import org.ongsung.model.AuditCode;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.model.Protocol;
import org.ongsung.model.SecretKind;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.SecretPlace;
import org.ongsung.vault.Vault;

/// The quick line: to what is registered, and to what is registered on the way.
class QuickConnectTest {
  private ConsoleHouse house;

  @BeforeEach
  void start() throws Exception {
    house = ConsoleHouse.start();
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
  }

  @AfterEach
  void stop() {
    house.close();
  }

  private int quick(String user, String address, String port, String expected) throws Exception {
    try (Browser browser = Browser.of(house, user)) {
      browser.get("/");
      var answer =
          browser.post("/quick", Map.of("protocol", "ssh", "address", address, "port", port));
      assertThat(answer.body()).as(user + " " + address + " " + port).contains(expected);
      return answer.statusCode();
    }
  }

  private String lastDenial() {
    return house.ledgerStore().find(LedgerQuery.newest(20)).stream()
        .map(LedgerEntry::event)
        .filter(event -> event.code() == AuditCode.ACCESS_DENIED)
        .findFirst()
        .map(event -> event.actor() + " " + event.subject() + " " + event.details().get("reason"))
        .orElse("");
  }

  @Test
  void whatIsRegisteredIsFoundByAddressAndByName() throws Exception {
    assertThat(quick("alice", "10.0.3.12", "", "alice+web-2@")).isEqualTo(200);
    assertThat(quick("alice", "10.0.3.12:22", "", "alice+web-2@")).isEqualTo(200);
    assertThat(quick("alice", "web-2", "", "alice+web-2@")).isEqualTo(200);
    assertThat(quick("chulsoo", "fd00::17", "2200", "chulsoo+build@")).isEqualTo(200);
    assertThat(quick("alice", "10.0.3.12", "23", "You may not reach")).isEqualTo(404);
    assertThat(quick("alice", "10.0.3.12", "x", "That is no address")).isEqualTo(422);
    assertThat(quick("alice", "", "", "That is no address")).isEqualTo(422);
  }

  @Test
  void whatSomebodyMayNotReachLooksLikeWhatIsNotThere() throws Exception {
    assertThat(quick("chulsoo", "10.0.7.5", "", "You may not reach")).isEqualTo(404);
    assertThat(quick("chulsoo", "10.0.7.99", "", "You may not reach")).isEqualTo(404);
  }

  @Test
  void anAddressOfANamedNetworkIsRegisteredOnTheWayForWhomAGrantAllowsIt() throws Exception {
    assertThat(quick("chulsoo", "127.9.0.7", "2200", "chulsoo+adhoc-127.9.0.7-2200@"))
        .isEqualTo(200);
    Target made =
        house.directory().snapshot().target(Name.of("adhoc-127.9.0.7-2200")).orElseThrow();
    assertThat(made.labels())
        .containsEntry("env", "dev")
        .containsEntry("adhoc", "yes")
        .containsEntry("adhoc-by", "chulsoo");
    assertThat(made.accounts())
        .singleElement()
        .satisfies(
            account -> assertThat(account.secrets()).containsExactly(SecretKind.PRIVATE_KEY));
    assertThat(house.ledgerStore().find(LedgerQuery.newest(50)))
        .anyMatch(
            entry ->
                entry.event().code() == AuditCode.TARGET_CREATED
                    && entry.event().actor().equals("chulsoo"));
    assertThat(quick("chulsoo", "127.9.0.7", "2200", "chulsoo+adhoc-127.9.0.7-2200@"))
        .isEqualTo(200);
    assertThat(quick("alice", "127.9.0.8", "", "You may not reach")).isEqualTo(404);
    assertThat(lastDenial()).isEqualTo("alice 127.9.0.8:22 on the fly: no grant");
  }

  @Test
  void byTelnetAccountsAreLentWithoutTheirPasswords() {
    Target like =
        new Target(
            Name.of("switches"),
            Title.NONE,
            Protocol.TELNET,
            new HostAndPort("10.9.9.9", 23),
            Map.of("kind", "switch"),
            HostKeyPolicy.TRUST_ON_FIRST_USE,
            List.of(),
            List.of(new Account(Name.of("op"), "operator", Set.of(SecretKind.PASSWORD))));
    SecretId password = new SecretId(like.name(), Name.of("op"), SecretKind.PASSWORD);
    house
        .directory()
        .change(
            Actor.SYSTEM,
            _ ->
                new DirectoryChange.Builder()
                    .put(like)
                    .put(password, new SealedSecret("sample", new byte[60]))
                    .build());
    AdHocTargets adHoc =
        new AdHocTargets(
            house.directory(),
            new NeverAsked(),
            List.of(Network.parse("127.9.0.0/16")),
            like.name(),
            new AdHocLimits(3, 2));
    HostAndPort address = new HostAndPort("127.9.0.9", 23);
    AdHocResult made =
        adHoc.register(
            Actor.SYSTEM,
            Name.of("chulsoo"),
            Protocol.TELNET,
            address,
            AdHocTargets.lookUp(address.host()),
            _ -> true);
    assertThat(made).isEqualTo(new AdHocResult.Registered(Name.of("adhoc-127.9.0.9")));
    Target target = house.directory().snapshot().target(Name.of("adhoc-127.9.0.9")).orElseThrow();
    assertThat(target.protocol()).isEqualTo(Protocol.TELNET);
    assertThat(target.labels()).containsEntry("kind", "switch").containsEntry("adhoc", "yes");
    assertThat(target.accounts()).containsExactly(new Account(Name.of("op"), "operator", Set.of()));
  }

  private static final class NeverAsked implements Vault {
    @Override
    public SealedSecret seal(SecretPlace id, Secret secret) {
      throw new AssertionError("sealed for " + id);
    }

    @Override
    public Optional<Secret> open(SecretPlace id) {
      throw new AssertionError("opened: " + id);
    }
  }

  @Test
  void noAddressElsewhereAndNoneThatIsForbiddenIsRegistered() throws Exception {
    assertThat(quick("chulsoo", "127.8.0.1", "", "You may not reach")).isEqualTo(404);
    assertThat(lastDenial()).contains("not in a network");
    // The network is named, and the addresses of clouds are forbidden all the same.
    assertThat(quick("chulsoo", "169.254.169.254", "80", "You may not reach")).isEqualTo(404);
    assertThat(lastDenial()).contains("no target may lie there");
    assertThat(quick("chulsoo", "::ffff:169.254.169.254", "", "You may not reach")).isEqualTo(404);
    assertThat(quick("chulsoo", "no-such-host.invalid", "", "You may not reach")).isEqualTo(404);
    assertThat(lastDenial()).contains("no such host");
    assertThat(house.directory().snapshot().targets()).hasSize(4);
  }

  @Test
  void anAddressThatBelongsToAnotherTargetIsNotRegisteredAgain() throws Exception {
    assertThat(quick("chulsoo", "127.9.0.7", "", "chulsoo+adhoc-127.9.0.7@")).isEqualTo(200);
    assertThat(quick("chulsoo", "127.9.0.7", "2200", "You may not reach")).isEqualTo(404);
    assertThat(lastDenial()).contains("another target is at that address");
    assertThat(quick("chulsoo", "::ffff:127.9.0.7", "2201", "You may not reach")).isEqualTo(404);
    assertThat(lastDenial()).contains("another target is at that address");
  }

  @Test
  void thereAreAsManyAsMayBeAndNoMore() throws Exception {
    assertThat(quick("chulsoo", "127.9.0.1", "", "adhoc-127.9.0.1@")).isEqualTo(200);
    assertThat(quick("chulsoo", "127.9.0.2", "", "adhoc-127.9.0.2@")).isEqualTo(200);
    assertThat(quick("chulsoo", "127.9.0.3", "", "No more targets")).isEqualTo(404);
    assertThat(lastDenial()).contains("as many");
  }
}
