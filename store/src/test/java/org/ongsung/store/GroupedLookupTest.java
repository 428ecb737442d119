package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.testkit.Deadlines;

/// Before a database that answers when the test says so.
class GroupedLookupTest {
  /// A question that waits for its answer.
  private record Asked(TreeSet<String> keys, CompletableFuture<Map<String, String>> answer) {
    /// Each key in capitals; none of those that begin with "no".
    void answerIt() {
      Map<String, String> found = new HashMap<>();
      keys.stream()
          .filter(key -> !key.startsWith("no"))
          .forEach(key -> found.put(key, key.toUpperCase(Locale.ROOT)));
      answer.complete(found);
    }
  }

  private final BlockingQueue<Asked> questions = new LinkedBlockingQueue<>();
  private final List<Asked> taken = new ArrayList<>();
  private final List<Thread> callers = new ArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("asker-", 0).daemon().factory());
  private volatile boolean refusing;
  private final GroupedLookup<String> lookup =
      new GroupedLookup<>(this::ask, this::execute, StoreLimits.DEFAULT);

  private void execute(Runnable work) {
    if (refusing) {
      throw new StoreFailure(StoreFailure.Kind.BUSY, null);
    }
    threads.execute(work);
  }

  private Map<String, String> ask(Collection<String> keys) {
    Asked asked = new Asked(new TreeSet<>(keys), new CompletableFuture<>());
    questions.add(asked);
    return Await.answer(asked.answer(), Deadlines.ACTION, () -> {});
  }

  @AfterEach
  void answerAll() throws InterruptedException {
    refusing = false;
    taken.forEach(Asked::answerIt);
    for (Thread caller : callers) {
      while (caller.isAlive()) {
        Asked left = questions.poll(10, TimeUnit.MILLISECONDS);
        if (left != null) {
          left.answerIt();
        }
      }
    }
    threads.shutdown();
  }

  /// A caller that waits for its answer.
  private FutureTask<Optional<String>> find(String key) {
    return find(lookup, key);
  }

  private FutureTask<Optional<String>> find(GroupedLookup<String> from, String key) {
    FutureTask<Optional<String>> task = new FutureTask<>(() -> from.find(key));
    Thread caller = Thread.ofPlatform().start(task);
    callers.add(caller);
    Deadlines.await(
        "the caller waits",
        () ->
            caller.getState() == Thread.State.TIMED_WAITING
                || caller.getState() == Thread.State.TERMINATED);
    return task;
  }

  private Asked next() throws InterruptedException {
    Asked asked = questions.poll(Deadlines.ACTION.toMillis(), TimeUnit.MILLISECONDS);
    if (asked == null) {
      throw new AssertionError("nobody asks");
    }
    taken.add(asked);
    return asked;
  }

  /// As many shared questions as may be on their way, after one that was asked alone.
  private List<Asked> busy(GroupedLookup<String> at) throws InterruptedException {
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i <= GroupedLookup.AT_ONCE; i++) {
      var _ = find(at, "busy-" + i);
      asked.add(next());
    }
    return asked;
  }

  @Test
  void whoIsAloneAsksAtOnceForItsKey() throws Exception {
    FutureTask<Optional<String>> found = find("a");
    Asked asked = next();
    assertThat(asked.keys()).containsExactly("a");
    asked.answerIt();
    assertThat(found.get()).contains("A");
    FutureTask<Optional<String>> unknown = find("none");
    next().answerIt();
    assertThat(unknown.get()).isEmpty();
    assertThat(questions).isEmpty();
  }

  @Test
  void whoAsksWhileQuestionsAreOnTheirWaySharesTheNextAndNotThose() throws Exception {
    List<Asked> before = busy(lookup);
    List<FutureTask<Optional<String>>> waiting =
        IntStream.range(0, 12).mapToObj(i -> find(i % 3 == 0 ? "none" : "key-" + i % 3)).toList();
    FutureTask<Optional<String>> sameAsBefore = find("busy-0");
    assertThat(questions).isEmpty();
    before.get(1).answerIt();
    Asked shared = next();
    assertThat(shared.keys()).containsExactly("busy-0", "key-1", "key-2", "none");
    FutureTask<Optional<String>> late = find("key-1");
    shared.answerIt();
    for (int i = 0; i < waiting.size(); i++) {
      assertThat(waiting.get(i).get())
          .isEqualTo(i % 3 == 0 ? Optional.empty() : Optional.of("KEY-" + i % 3));
    }
    assertThat(sameAsBefore.get()).contains("BUSY-0");
    assertThat(late.isDone()).as("what was on its way is too old for it").isFalse();
    Asked last = next();
    assertThat(last.keys()).containsExactly("key-1");
    last.answerIt();
    assertThat(late.get()).contains("KEY-1");
  }

  @Test
  void aQuestionHasAsManyKeysAsItMayAndTheNextHasTheRest() throws Exception {
    List<Asked> before = busy(lookup);
    for (int i = 0; i <= GroupedLookup.KEYS; i++) {
      var _ = find("key-" + i);
    }
    before.get(1).answerIt();
    Asked full = next();
    assertThat(full.keys()).hasSize(GroupedLookup.KEYS);
    full.answerIt();
    assertThat(next().keys()).containsExactly("key-" + GroupedLookup.KEYS);
  }

  @Test
  void aFailureIsToldToThoseWhoShareItAndTheNextAsksAgain() throws Exception {
    List<Asked> before = busy(lookup);
    FutureTask<Optional<String>> one = find("a");
    FutureTask<Optional<String>> other = find("b");
    before.get(1).answer().completeExceptionally(new IllegalStateException("not these"));
    next().answer().completeExceptionally(new StoreFailure(StoreFailure.Kind.UNREACHABLE, null));
    for (FutureTask<Optional<String>> failed : List.of(one, other)) {
      assertThatThrownBy(failed::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(StoreFailure.class);
    }
    before.getLast().answerIt();
    FutureTask<Optional<String>> again = find("a");
    next().answerIt();
    assertThat(again.get()).contains("A");
  }

  @Test
  void whereNobodyCanAskForOthersTheyAreToldSo() throws Exception {
    var _ = find("alone");
    Asked alone = next();
    refusing = true;
    assertThatThrownBy(() -> lookup.find("a"))
        .isInstanceOfSatisfying(
            StoreFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(StoreFailure.Kind.BUSY));
    refusing = false;
    FutureTask<Optional<String>> again = find("b");
    Asked shared = next();
    assertThat(shared.keys()).containsExactly("b");
    refusing = true;
    FutureTask<Optional<String>> behind = find("c");
    shared.answerIt();
    next().answerIt();
    assertThat(again.get()).contains("B");
    assertThat(behind.get()).as("the one who asks already takes it").contains("C");
    alone.answerIt();
  }

  @Test
  void aLookupThatIsAskedWithoutEndKeepsNoThreadFromAnother() throws Exception {
    ExecutorService one =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("one").daemon().factory());
    GroupedLookup<String> busy = new GroupedLookup<>(this::ask, one, StoreLimits.DEFAULT);
    GroupedLookup<String> quiet = new GroupedLookup<>(this::ask, one, StoreLimits.DEFAULT);
    for (GroupedLookup<String> either : List.of(busy, quiet)) {
      var _ = find(either, "alone");
      var _ = next();
    }
    var _ = find(busy, "a-1");
    Asked first = next();
    var _ = find(busy, "a-2");
    var _ = find(quiet, "b-1");
    first.answerIt();
    Asked second = next();
    assertThat(second.keys()).containsExactly("a-2");
    var _ = find(busy, "a-3");
    second.answerIt();
    assertThat(next().keys()).containsExactly("b-1");
    taken.getLast().answerIt();
    assertThat(next().keys()).containsExactly("a-3");
    one.shutdown();
  }

  @Test
  void theOnlyReaderOfAFileAsksForOthersWithoutWaitingForItself(@TempDir Path folder)
      throws Exception {
    StoreLimits usual = StoreLimits.DEFAULT;
    StoreLimits oneReader =
        new StoreLimits(
            usual.queuedUnits(),
            usual.groupedUnits(),
            1,
            usual.lockTimeout(),
            usual.connectTimeout(),
            usual.answerTimeout());
    try (SqliteFile file = new SqliteFile(folder.resolve("file.db"), oneReader)) {
      var _ =
          file.write(
              handle -> {
                handle.execute("create table letters (id text primary key, capital text)");
                return handle.execute("insert into letters values ('a', 'A'), ('b', 'B')");
              });
      GroupedLookup<String> letters =
          GroupedLookup.of(
              file,
              oneReader,
              "select * from letters where id in",
              "id",
              row -> row.getString("capital"));
      List<FutureTask<Optional<String>>> found =
          IntStream.range(0, 300)
              .mapToObj(
                  i -> {
                    FutureTask<Optional<String>> task =
                        new FutureTask<>(() -> letters.find(List.of("a", "b", "c").get(i % 3)));
                    Thread.ofVirtual().start(task);
                    return task;
                  })
              .toList();
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).get())
            .isEqualTo(List.of(Optional.of("A"), Optional.of("B"), Optional.empty()).get(i % 3));
      }
    }
  }

  @Test
  void oneWhoIsInterruptedLeavesTheOthersTheirAnswer() throws Exception {
    List<Asked> before = busy(lookup);
    FutureTask<Optional<String>> leaving = find("a");
    Thread gone = callers.getLast();
    FutureTask<Optional<String>> staying = find("a");
    gone.interrupt();
    assertThatThrownBy(leaving::get).hasCauseInstanceOf(StoreFailure.class);
    before.get(1).answerIt();
    next().answerIt();
    assertThat(staying.get()).contains("A");
  }

  @Test
  void asManyWaitAsMayAndTheNextIsRefused() throws Exception {
    StoreLimits usual = StoreLimits.DEFAULT;
    GroupedLookup<String> narrow =
        new GroupedLookup<>(
            this::ask,
            this::execute,
            new StoreLimits(
                2,
                usual.groupedUnits(),
                usual.readers(),
                usual.lockTimeout(),
                usual.connectTimeout(),
                usual.answerTimeout()));
    List<Asked> before = busy(narrow);
    var _ = find(narrow, "key-1");
    var _ = find(narrow, "key-2");
    assertThatThrownBy(() -> narrow.find("one-more"))
        .isInstanceOfSatisfying(
            StoreFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(StoreFailure.Kind.BUSY));
    before.getLast().answerIt();
    assertThat(next().keys()).containsExactly("key-1", "key-2");
    FutureTask<Optional<String>> after = find(narrow, "after");
    assertThat(after.isDone()).as("there is room again, so that it waits").isFalse();
  }
}
