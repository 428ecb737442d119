package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.Name;
import org.ongsung.policy.AccessToken;
import org.ongsung.policy.TokenStore;
import org.ongsung.policy.TokensUnavailableException;

abstract class TokenStoreContract extends StoreContract {
  private TokenStore tokens;

  TokenStoreContract(DatabaseFixture fixture) {
    super(fixture);
  }

  @BeforeEach
  void takeTheTokens() {
    tokens = database.tokens();
  }

  private static AccessToken token(int number, String user, Instant expires) {
    return new AccessToken(
        "token-" + number,
        Integer.toHexString(number).repeat(64),
        user == null ? null : Name.of(user),
        AccessToken.Purpose.CONSOLE_SESSION,
        "내 노트북",
        "password",
        "192.0.2.7",
        Samples.NOW.plusSeconds(number),
        expires,
        null,
        "csrf-" + number);
  }

  private AccessToken created(int number, String user, Instant expires) {
    AccessToken token = token(number, user, expires);
    tokens.create(token);
    return token;
  }

  @Test
  void aTokenIsFoundByItsDigestAsItWas() {
    AccessToken endless = created(1, null, null);
    AccessToken session = created(2, "alice", Samples.NOW);
    assertThat(tokens.find(endless.sha256())).contains(endless);
    assertThat(tokens.find(session.sha256())).contains(session);
    assertThat(tokens.find("f".repeat(64))).isEmpty();
  }

  @Test
  void manyWhoLookAtOnceEachFindTheirOwn() throws Exception {
    List<AccessToken> all =
        IntStream.rangeClosed(1, 13).mapToObj(number -> created(number, "alice", null)).toList();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<AccessToken>>> found =
          IntStream.range(0, 600)
              .mapToObj(i -> token(1 + i % 14, "alice", null).sha256())
              .map(digest -> callers.submit(() -> tokens.find(digest)))
              .toList();
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).get())
            .isEqualTo(i % 14 < 13 ? Optional.of(all.get(i % 14)) : Optional.empty());
      }
    }
  }

  @Test
  void tokensAreListedByOwnerNewestFirst() {
    AccessToken local = created(1, null, null);
    AccessToken first = created(2, "alice", null);
    AccessToken second = created(3, "alice", null);
    AccessToken other = created(4, "bob", null);
    assertThat(tokens.list(Name.of("alice"))).containsExactly(second, first);
    assertThat(tokens.list(null)).containsExactly(local);
    assertThat(tokens.listAll()).containsExactly(other, second, first, local);
  }

  @Test
  void theLastUseOnlyMovesForward() {
    AccessToken token = created(1, "alice", null);
    tokens.used(token.id(), Samples.NOW.plusSeconds(60));
    tokens.used(token.id(), Samples.NOW);
    assertThat(tokens.find(token.sha256()).orElseThrow().lastUsedAt())
        .isEqualTo(Samples.NOW.plusSeconds(60));
  }

  @Test
  void tokensAreDeletedOneByOneAndAllOfAUser() {
    created(1, "alice", null);
    created(2, "alice", null);
    created(3, "alice", null);
    created(4, "bob", null);
    AccessToken local = created(5, null, null);
    assertThat(tokens.delete("token-1")).isTrue();
    assertThat(tokens.delete("token-1")).isFalse();
    assertThat(tokens.deleteAll(Name.of("alice"), "token-3")).isEqualTo(1);
    assertThat(tokens.list(Name.of("alice")))
        .extracting(AccessToken::id)
        .containsExactly("token-3");
    assertThat(tokens.deleteAll(Name.of("alice"), null)).isEqualTo(1);
    assertThat(tokens.listAll()).extracting(AccessToken::id).containsExactly("token-5", "token-4");
    assertThat(tokens.list(null)).containsExactly(local);
  }

  @Test
  void whatHasExpiredIsPurgedAndNothingElse() {
    created(1, "alice", Samples.NOW.minusSeconds(1));
    created(2, "alice", Samples.NOW);
    created(3, "alice", Samples.NOW.plusNanos(1_000));
    created(4, "alice", null);
    assertThat(tokens.purgeExpired(Samples.NOW)).isEqualTo(2);
    assertThat(tokens.listAll()).extracting(AccessToken::id).containsExactly("token-4", "token-3");
  }

  @Test
  void aDigestStandsOnce() {
    AccessToken token = created(1, "alice", null);
    AccessToken same =
        new AccessToken(
            "another",
            token.sha256(),
            null,
            AccessToken.Purpose.API_TOKEN,
            "",
            "",
            "",
            Samples.NOW,
            null,
            null,
            "");
    assertThatThrownBy(() -> tokens.create(same)).isInstanceOf(TokensUnavailableException.class);
  }
}
