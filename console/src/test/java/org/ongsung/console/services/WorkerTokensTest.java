package org.ongsung.console.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.policy.AccessToken;
import org.ongsung.policy.Tokens;
import org.ongsung.testkit.Deadlines;

/// How the door of the workers knows their tokens.
class WorkerTokensTest {
  private final List<AccessToken> stored = new CopyOnWriteArrayList<>();
  private final AtomicInteger readings = new AtomicInteger();

  private List<AccessToken> read() {
    readings.incrementAndGet();
    return List.copyOf(stored);
  }

  private static AccessToken token(String text) {
    return new AccessToken(
        Tokens.newId(),
        Tokens.sha256(text),
        null,
        AccessToken.Purpose.WORKER,
        "far",
        "worker token",
        InetAddress.getLoopbackAddress().getHostAddress(),
        Instant.EPOCH,
        null,
        null,
        "");
  }

  @Test
  void aTokenIsKnownAtItsFirstUseAndCostsNothingFromThenOn() {
    WorkerTokens tokens = new WorkerTokens(this::read, WorkerTokens.MOST_WAITING, System::nanoTime);
    stored.add(token("first"));
    assertThat(tokens.isWorkers(Tokens.sha256("first"))).isTrue();
    assertThat(tokens.isWorkers(Tokens.sha256("first"))).isTrue();
    assertThat(readings).hasValue(1);
    stored.add(token("second"));
    assertThat(tokens.isWorkers(Tokens.sha256("second"))).isTrue();
    assertThat(readings).hasValue(2);
  }

  @Test
  void strangersShareOneReadingHoweverManyAsk() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    WorkerTokens tokens =
        new WorkerTokens(
            () -> {
              List<AccessToken> now = read();
              await(goOn);
              return now;
            },
            WorkerTokens.MOST_WAITING,
            System::nanoTime);
    List<CompletableFuture<Boolean>> asked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String stranger = Tokens.sha256("stranger " + i);
      asked.add(
          CompletableFuture.supplyAsync(
              () -> tokens.isWorkers(stranger), Thread::startVirtualThread));
    }
    goOn.countDown();
    for (CompletableFuture<Boolean> one : asked) {
      assertThat(one.get(1, TimeUnit.MINUTES)).isFalse();
    }
    assertThat(readings.get()).as("one for each second or so, not for each").isLessThan(50);
  }

  @Test
  void asManyWaitAsMayAndTheNextIsToldToComeBackAndAsksTheStoreNothing() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    WorkerTokens tokens =
        new WorkerTokens(
            () -> {
              await(goOn);
              return read();
            },
            2,
            System::nanoTime);
    List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      waiting.add(
          CompletableFuture.supplyAsync(
              () -> tokens.isWorkers(Tokens.sha256("stranger")), Thread::startVirtualThread));
    }
    Deadlines.await("both wait", () -> tokens.waiting() == 2);
    assertThatThrownBy(() -> tokens.isWorkers(Tokens.sha256("one more")))
        .isInstanceOfSatisfying(
            HttpProblem.class,
            problem -> {
              assertThat(problem.status()).isEqualTo(503);
              assertThat(problem.retryAfterSeconds()).contains("2");
            });
    assertThat(readings).hasValue(0);
    goOn.countDown();
    for (CompletableFuture<Boolean> one : waiting) {
      assertThat(one.get(1, TimeUnit.MINUTES)).isFalse();
    }
    assertThat(tokens.waiting()).isZero();
  }

  @Test
  void aWorkerThatWasSentAwayIsKnownWhenItComesBackThoughNobodyMayWait() {
    WorkerTokens tokens = new WorkerTokens(this::read, 0, System::nanoTime);
    stored.add(token("new"));
    String sha256 = Tokens.sha256("new");
    assertThatThrownBy(() -> tokens.isWorkers(sha256)).isInstanceOf(HttpProblem.class);
    Deadlines.await("its token has been read", () -> readings.get() > 0);
    Deadlines.await("it is let in", () -> isLetIn(tokens, sha256));
  }

  private static boolean isLetIn(WorkerTokens tokens, String sha256) {
    try {
      return tokens.isWorkers(sha256);
    } catch (HttpProblem e) {
      return false;
    }
  }

  @Test
  void aStoreThatDoesNotAnswerIsAskedOneQuestionAtATime() {
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch goOn = new CountDownLatch(1);
    WorkerTokens tokens =
        new WorkerTokens(
            () -> {
              most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
              await(goOn);
              atOnce.decrementAndGet();
              return List.of();
            },
            WorkerTokens.MOST_WAITING,
            System::nanoTime);
    String stranger = Tokens.sha256("stranger");
    var first =
        CompletableFuture.supplyAsync(() -> tokens.isWorkers(stranger), Thread::startVirtualThread);
    Deadlines.await("the store is asked", () -> atOnce.get() == 1);
    // Waits in vain, and for longer than the pause between two readings.
    assertThat(tokens.isWorkers(stranger)).isFalse();
    assertThat(most).hasValue(1);
    goOn.countDown();
    assertThat(first.join()).isFalse();
  }

  @Test
  void whileTheStoreIsAwayTheKnownStayKnown() {
    stored.add(token("first"));
    AtomicInteger fails = new AtomicInteger();
    WorkerTokens tokens =
        new WorkerTokens(
            () -> {
              if (fails.get() > 0) {
                throw new IllegalStateException("away");
              }
              return read();
            },
            WorkerTokens.MOST_WAITING,
            System::nanoTime);
    assertThat(tokens.isWorkers(Tokens.sha256("first"))).isTrue();
    fails.set(1);
    assertThat(tokens.isWorkers(Tokens.sha256("second"))).isFalse();
    assertThat(tokens.isWorkers(Tokens.sha256("first"))).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      boolean _ = latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
