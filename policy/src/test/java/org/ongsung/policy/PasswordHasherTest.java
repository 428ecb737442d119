package org.ongsung.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.PasswordHash;

class PasswordHasherTest {
  private final PasswordHasher hasher = new PasswordHasher(PasswordLimits.DEFAULT);

  @AfterEach
  void close() {
    hasher.close();
  }

  @Test
  void knowsItsOwnHashesAgainAndNoOthers() {
    PasswordHash hash = hasher.hash("correct horse 말");
    assertThat(hasher.matches("correct horse 말", hash)).isTrue();
    assertThat(hasher.matches("correct horse", hash)).isFalse();
    assertThat(hasher.matches("", hash)).isFalse();
    assertThat(hasher.hash("correct horse 말")).isNotEqualTo(hash);
  }

  @Test
  void nobodyWaitsForATurnWithADatabaseConnectionInHand() {
    PasswordHash hash = hasher.hash("x");
    ConnectionGuard.taken();
    try {
      assertThatThrownBy(() -> hasher.hash("x")).isInstanceOf(AssertionError.class);
      assertThatThrownBy(() -> hasher.matches("x", hash)).isInstanceOf(AssertionError.class);
    } finally {
      ConnectionGuard.released();
    }
    assertThat(hasher.matches("x", hash)).isTrue();
  }

  @Test
  void freshHashesCostWhatOwaspAsksForAtLeast() {
    assertThat(hasher.hash("x").encoded()).startsWith("$argon2id$v=19$m=32768,t=2,p=1$");
  }

  /// From the tests of the reference implementation (phc-winner-argon2, test.c): password
  /// `password`, salt `somesalt`.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
            + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"
      })
  void knowsHashesOfTheReferenceImplementation(String encoded) {
    PasswordHash hash = new PasswordHash(encoded);
    hasher.checkAcceptable(hash);
    assertThat(hasher.matches("password", hash)).isTrue();
    assertThat(hasher.matches("Password", hash)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m=65537,t=2,p=1",
        "m=4194304,t=1,p=1",
        "m=99999999,t=1,p=1",
        "m=256,t=11,p=1",
        "m=256,t=1,p=9",
        "m=15,t=1,p=2"
      })
  void aHashThatCostsTooMuchIsRefusedAndMatchesNothing(String cost) {
    PasswordHash hash =
        new PasswordHash(
            "$argon2id$v=19$" + cost + "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
    assertThatThrownBy(() -> hasher.checkAcceptable(hash))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most m=65536, t=10, p=8");
    assertThat(hasher.matches("password", hash)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=0,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$short",
        "$argon2id$v=19$m=256,t=2,p=1$$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
      })
  void whatIsNoHashIsRefusedAndMatchesNothing(String encoded) {
    PasswordHash hash = new PasswordHash(encoded);
    assertThatThrownBy(() -> hasher.checkAcceptable(hash))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(hasher.matches("password", hash)).isFalse();
  }

  @Test
  void aPasswordHasALimit() {
    String longest = "x".repeat(1_024);
    assertThat(hasher.matches(longest, hasher.hash(longest))).isTrue();
    assertThatThrownBy(() -> hasher.hash(longest + "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hasher.hash("")).isInstanceOf(IllegalArgumentException.class);
    assertThat(hasher.matches(longest + "x", hasher.decoy())).isFalse();
  }

  @Test
  void noPasswordMatchesTheDecoy() {
    assertThat(hasher.matches("", hasher.decoy())).isFalse();
    assertThat(hasher.matches("password", hasher.decoy())).isFalse();
  }

  @Test
  void onlySoManyWaitAndNoLongerThanPatienceLasts() throws Exception {
    PasswordLimits limits = new PasswordLimits(65_536, 10, 8, 1, 2, Duration.ofMillis(50));
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch working = new CountDownLatch(1);
    try (PasswordHasher busy = new PasswordHasher(limits);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> results = new ArrayList<>();
      results.add(
          callers.submit(
              () ->
                  busy.matches(
                          "x",
                          busy.decoy(),
                          () -> {
                            working.countDown();
                            try {
                              release.await();
                            } catch (InterruptedException e) {
                              Thread.currentThread().interrupt();
                            }
                            return false;
                          },
                          matched -> matched)
                      .isPresent()));
      working.await();
      for (int i = 0; i < 5; i++) {
        results.add(callers.submit(() -> busy.matches("x", busy.decoy())));
      }
      for (Future<Boolean> result : results) {
        assertThatThrownBy(result::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(PasswordsBusyException.class);
      }
      release.countDown();
    }
  }
}
