package org.ongsung.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.Title;
import org.ongsung.model.User;

class TokenUpkeepTest {
  private final MemoryTokens tokens = new MemoryTokens();
  private final MemoryDirectory directory = new MemoryDirectory();
  private final MemoryLedger events = new MemoryLedger();
  private final InstantSource clock = InstantSource.fixed(Instant.EPOCH);

  @Test
  void tokensOfUsersWhoAreGoneOrInactiveGoAndTheLedgerSaysSo() {
    directory.with(user("alice", true), user("idle", false));
    for (String user : new String[] {"alice", "idle", "idle", "gone"}) {
      tokens.create(token(Name.of(user), null));
    }
    tokens.create(token(null, null));
    try (Ledger ledger = new Ledger(events, LedgerLimits.DEFAULT);
        TokenUpkeep upkeep = new TokenUpkeep(tokens, directory, ledger, clock)) {
      upkeep.round(directory.snapshot());
    }
    assertThat(tokens.left()).containsExactlyInAnyOrder("alice", "local-admin");
    assertThat(events.events())
        .extracting(event -> event.code().text() + " " + event.subject())
        .contains("token.revoked idle", "token.revoked gone");
  }

  @Test
  void expiredTokensGo() {
    directory.with(user("alice", true));
    tokens.create(token(Name.of("alice"), Instant.EPOCH));
    tokens.create(token(Name.of("alice"), Instant.EPOCH.plusSeconds(1)));
    try (Ledger ledger = new Ledger(events, LedgerLimits.DEFAULT);
        TokenUpkeep upkeep = new TokenUpkeep(tokens, directory, ledger, clock)) {
      upkeep.round(directory.snapshot());
    }
    assertThat(tokens.left()).containsExactly("alice");
    assertThat(events.events()).isEmpty();
  }

  private static User user(String name, boolean active) {
    return new User(
        Name.of(name), Title.NONE, Set.of(Role.USER), Set.of(), active, null, List.of());
  }

  private AccessToken token(@Nullable Name user, @Nullable Instant expiresAt) {
    return new AccessToken(
        "t" + tokens.all.size(),
        "0".repeat(64),
        user,
        AccessToken.Purpose.API_TOKEN,
        "",
        "password",
        "",
        Instant.EPOCH,
        expiresAt,
        null,
        "");
  }

  private static final class MemoryTokens implements TokenStore {
    final List<AccessToken> all = new ArrayList<>();

    synchronized List<String> left() {
      return all.stream().map(AccessToken::actor).toList();
    }

    @Override
    public synchronized void create(AccessToken token) {
      all.add(token);
    }

    @Override
    public Optional<AccessToken> find(String sha256) {
      return Optional.empty();
    }

    @Override
    public List<AccessToken> list(@Nullable Name user) {
      return List.of();
    }

    @Override
    public synchronized List<AccessToken> listAll() {
      return List.copyOf(all);
    }

    @Override
    public void used(String id, Instant at) {}

    @Override
    public boolean delete(String id) {
      return false;
    }

    @Override
    public synchronized int deleteAll(Name user, @Nullable String exceptId) {
      int before = all.size();
      all.removeIf(token -> user.equals(token.user()));
      return before - all.size();
    }

    @Override
    public synchronized int purgeExpired(Instant now) {
      int before = all.size();
      all.removeIf(token -> token.expiredAt(now));
      return before - all.size();
    }
  }
}
