package org.ongsung.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.ConnectionGuard;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LedgerTest {
  private static final Duration LONG = Duration.ofSeconds(100);

  /// Keeps entries in memory; every append waits for a permit, and fails when told to.
  private static final class GatedStore implements LedgerStore {
    private final Semaphore permits = new Semaphore(0);
    private final Semaphore arrivals = new Semaphore(0);
    private final List<List<AuditEvent>> batches = new ArrayList<>();
    private volatile Throwable failure;
    private long entries;

    @Override
    public long append(List<AuditEvent> events) {
      arrivals.release();
      permits.acquireUninterruptibly();
      Throwable thrown = failure;
      failure = null;
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
      synchronized (batches) {
        batches.add(List.copyOf(events));
        long first = entries + 1;
        entries += events.size();
        return first;
      }
    }

    @Override
    public List<LedgerEntry> find(LedgerQuery query) {
      return List.of();
    }

    void awaitAppend() {
      arrivals.acquireUninterruptibly();
    }

    void let(int appends) {
      permits.release(appends);
    }

    List<Integer> batchSizes() {
      synchronized (batches) {
        return batches.stream().map(List::size).toList();
      }
    }
  }

  private final GatedStore store = new GatedStore();
  private Ledger ledger;

  @AfterEach
  void letTheWriterEnd() {
    store.let(1_000);
    if (ledger != null) {
      ledger.close();
    }
  }

  private Ledger ledger(int queued, int batch, Duration timeout) {
    ledger = new Ledger(store, new LedgerLimits(queued, batch, timeout));
    return ledger;
  }

  private static AuditEvent event(int number) {
    return new AuditEvent(
        Instant.EPOCH, AuditCode.LOGOUT, "alice", "", null, "n" + number, Map.of());
  }

  /// Hands in one event that the writer holds at the store, so that others gather behind it.
  private CompletableFuture<Long> holdTheWriter() {
    CompletableFuture<Long> held = ledger.offer(event(-1));
    store.awaitAppend();
    return held;
  }

  private List<CompletableFuture<Long>> offer(int count) {
    return IntStream.range(0, count).mapToObj(i -> ledger.offer(event(i))).toList();
  }

  @Test
  void appendGivesTheSequenceOnceTheStoreHasIt() throws Exception {
    ledger(10, 10, LONG);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> appended = pool.submit(() -> ledger.append(event(1)));
      store.awaitAppend();
      assertThat(appended.isDone()).isFalse();
      store.let(1);
      assertThat(appended.get()).isEqualTo(1);
    }
  }

  @Test
  void whatGathersGoesIntoOneBatchInOrderUpToTheLimit() {
    ledger(100, 10, LONG);
    CompletableFuture<Long> held = holdTheWriter();
    List<CompletableFuture<Long>> gathered = offer(25);
    store.let(10);
    assertThat(held.join()).isEqualTo(1);
    assertThat(gathered.stream().map(CompletableFuture::join))
        .containsExactlyElementsOf(LongStream.rangeClosed(2, 26).boxed().toList());
    assertThat(store.batchSizes()).containsExactly(1, 10, 10, 5);
    assertThat(store.batches.stream().flatMap(List::stream).skip(1).map(AuditEvent::subject))
        .containsExactlyElementsOf(IntStream.range(0, 25).mapToObj(i -> "n" + i).toList());
  }

  @Test
  void aFullQueueIsRefusedAtOnceAndOnlyTheOnePastTheLimit() {
    ledger(5, 10, LONG);
    CompletableFuture<Long> held = holdTheWriter();
    List<CompletableFuture<Long>> atTheLimit = offer(5);
    CompletableFuture<Long> past = ledger.offer(event(99));
    assertThat(past).isCompletedExceptionally();
    assertThatThrownBy(() -> ledger.append(event(100)))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("too many");
    store.let(10);
    held.join();
    assertThat(atTheLimit).allSatisfy(kept -> assertThat(kept.join()).isPositive());
  }

  @Test
  void aFailureOfTheStoreFailsExactlyThatBatchAndTheNextSucceeds() {
    ledger(100, 3, LONG);
    CompletableFuture<Long> held = holdTheWriter();
    List<CompletableFuture<Long>> gathered = offer(6);
    store.let(1);
    assertThat(held.join()).isEqualTo(1);
    store.awaitAppend();
    store.failure = new LedgerUnavailableException("the database's disk is full");
    store.let(10);
    assertThat(gathered.subList(3, 6).stream().map(CompletableFuture::join))
        .containsExactly(2L, 3L, 4L);
    assertThat(gathered.subList(0, 3))
        .allSatisfy(
            failed ->
                assertThatThrownBy(failed::join)
                    .hasCauseInstanceOf(LedgerUnavailableException.class));
  }

  @Test
  void appendThrowsWhatTheStoreFailedWith() throws Exception {
    ledger(100, 3, LONG);
    store.failure = new LedgerUnavailableException("the database's disk is full");
    store.let(1);
    assertThatThrownBy(() -> ledger.append(event(1)))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasRootCauseMessage("the database's disk is full");
    store.let(1);
    assertThat(ledger.append(event(2))).isEqualTo(1);
  }

  @Test
  void anErrorInTheStoreDoesNotEndTheLedger() {
    ledger(100, 3, LONG);
    store.failure = new StackOverflowError();
    store.let(2);
    assertThatThrownBy(() -> ledger.append(event(1)))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThat(ledger.append(event(2))).isEqualTo(1);
  }

  @Test
  void anAppendThatTakesTooLongFails() {
    ledger(100, 3, Duration.ofMillis(50));
    assertThatThrownBy(() -> ledger.append(event(1)))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("PT0.05S");
  }

  @Test
  void anInterruptedAppendFailsAndStaysInterrupted() throws Exception {
    ledger(100, 3, LONG);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread appender =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    ledger.append(event(1));
                    interrupted.complete(false);
                  } catch (LedgerUnavailableException e) {
                    interrupted.complete(Thread.currentThread().isInterrupted());
                  }
                });
    store.awaitAppend();
    appender.interrupt();
    assertThat(interrupted.get()).isTrue();
  }

  @Test
  void closingAppendsWhatWaitsAndRefusesWhatComes() throws Exception {
    ledger(100, 10, LONG);
    var _ = holdTheWriter();
    List<CompletableFuture<Long>> gathered = offer(35);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> closed = pool.submit(() -> ledger.close());
      store.let(10);
      closed.get();
    }
    assertThat(gathered).allSatisfy(kept -> assertThat(kept).isCompleted());
    assertThat(ledger.offer(event(99))).isCompletedExceptionally();
    assertThatThrownBy(() -> ledger.append(event(100)))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void closingWithAStoreThatHangsFailsAllThatWaits() {
    ledger(100, 10, Duration.ofMillis(50));
    var _ = holdTheWriter();
    List<CompletableFuture<Long>> gathered = offer(35);
    ledger.close();
    assertThat(gathered).allSatisfy(failed -> assertThat(failed).isCompletedExceptionally());
  }

  @Test
  void closingTwiceAndAnIdleLedgerEndAtOnce() {
    ledger(100, 10, LONG);
    ledger.close();
    ledger.close();
  }

  @Test
  void everyOfferIsAnsweredWhileTheLedgerCloses() throws Exception {
    for (int round = 0; round < 50; round++) {
      store.let(1_000);
      Ledger closing = new Ledger(store, new LedgerLimits(10_000, 10, LONG));
      try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
        Future<List<CompletableFuture<Long>>> offered =
            pool.submit(
                () -> IntStream.range(0, 200).mapToObj(i -> closing.offer(event(i))).toList());
        pool.submit(closing::close).get();
        for (CompletableFuture<Long> each : offered.get()) {
          assertThat(each.handle((sequence, failure) -> true).get(60, TimeUnit.SECONDS)).isTrue();
        }
      }
    }
  }

  @Test
  void nobodyAppendsWhileHoldingADatabaseConnection() {
    ledger(100, 10, LONG);
    ConnectionGuard.taken();
    try {
      assertThatThrownBy(() -> ledger.append(event(1)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ledger");
    } finally {
      ConnectionGuard.released();
    }
  }

  @Test
  void limitsArePositive() {
    assertThatThrownBy(() -> new LedgerLimits(0, 1, LONG))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LedgerLimits(1, 0, LONG))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LedgerLimits(1, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new LedgerLimits(1, 1, Duration.ofNanos(1))).isNotNull();
  }

  @Test
  void aQueryHasLimits() {
    assertThat(LedgerQuery.newest(LedgerQuery.MAX_LIMIT).limit()).isEqualTo(1_000);
    assertThatThrownBy(() -> LedgerQuery.newest(LedgerQuery.MAX_LIMIT + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LedgerQuery.newest(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(text(LedgerQuery.MAX_TEXT_CHARACTERS)).isNotNull();
    assertThatThrownBy(() -> text(LedgerQuery.MAX_TEXT_CHARACTERS + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static LedgerQuery text(int characters) {
    return new LedgerQuery(
        java.util.Set.of(), null, null, null, "x".repeat(characters), null, null, null, 1);
  }
}
