package org.ongsung.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// A door with a clock of the test's own for how long requests take; waiting takes real time.
class DoorTest {
  private static final Duration PATIENT = Duration.ofSeconds(60);
  private static final Duration SLOW = Duration.ofMillis(250);

  private final AtomicLong nanos = new AtomicLong();

  private Door door(int least, int most, int waiting, Duration patience) {
    return new Door(new DoorLimits(least, most, waiting, patience, SLOW), nanos::get);
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static void awaitWaiting(Door door, int waiting) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENT.toNanos();
    while (door.figures().waiting() != waiting && System.nanoTime() < deadline) {
      Thread.sleep(1);
    }
    assertThat(door.figures().waiting()).isEqualTo(waiting);
  }

  @Test
  void asManyAreLetInAsThereArePlacesAndTheNextOneWaitsForOneToLeave() throws Exception {
    Door door = door(1, 1, 1, PATIENT);
    FutureTask<Boolean> second;
    try (Door.Visit first = door.enter()) {
      second =
          start(
              () -> {
                try (Door.Visit visit = door.enter()) {
                  return true;
                }
              });
      awaitWaiting(door, 1);
      assertThat(second.isDone()).isFalse();
    }
    assertThat(second.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(door.figures()).isEqualTo(new Door.Figures(1, 0, 0, 0));
  }

  @Test
  void onePastThoseWhoMayWaitIsTurnedAwayAtOnceAndToldWhenToComeBack() throws Exception {
    Door door = door(1, 1, 1, PATIENT);
    FutureTask<Boolean> waiting;
    try (Door.Visit inside = door.enter()) {
      waiting =
          start(
              () -> {
                door.enter().close();
                return true;
              });
      awaitWaiting(door, 1);
      assertThatThrownBy(door::enter)
          .isInstanceOfSatisfying(
              HttpProblem.class,
              problem -> {
                assertThat(problem.status()).isEqualTo(503);
                assertThat(problem.retryAfterSeconds()).contains("2");
              });
      assertThat(door.figures().turnedAway()).isEqualTo(1);
    }
    assertThat(waiting.get(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoeverWaitsInVainIsTurnedAwayAndLeavesNoTraceInTheLine() throws Exception {
    Door door = door(1, 1, 10, Duration.ofMillis(20));
    try (Door.Visit inside = door.enter()) {
      assertThatThrownBy(door::enter).isInstanceOf(HttpProblem.class);
      assertThat(door.figures()).isEqualTo(new Door.Figures(1, 1, 0, 1));
    }
    door.enter().close();
    assertThat(door.figures().inside()).isZero();
  }

  @Test
  void whoeverIsInterruptedWhileWaitingLeavesTheLine() throws Exception {
    Door door = door(1, 1, 10, PATIENT);
    try (Door.Visit inside = door.enter()) {
      CountDownLatch interrupted = new CountDownLatch(1);
      Thread waiter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      door.enter().close();
                    } catch (InterruptedException e) {
                      interrupted.countDown();
                    }
                  });
      awaitWaiting(door, 1);
      waiter.interrupt();
      assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(door.figures().waiting()).isZero();
    }
  }

  @Test
  void theyAreLetInInTheOrderTheyCame() throws Exception {
    Door door = door(1, 1, 10, PATIENT);
    List<Integer> order = new ArrayList<>();
    List<FutureTask<Integer>> all = new ArrayList<>();
    try (Door.Visit inside = door.enter()) {
      for (int i = 0; i < 10; i++) {
        int number = i;
        all.add(
            start(
                () -> {
                  try (Door.Visit visit = door.enter()) {
                    order.add(number); // one at a time, so safe
                    return number;
                  }
                }));
        awaitWaiting(door, i + 1);
      }
    }
    for (FutureTask<Integer> one : all) {
      one.get(60, TimeUnit.SECONDS);
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void whoeverRestsTakesNoPlaceAndComesBackThoughAllAreTaken() throws Exception {
    Door door = door(1, 1, 0, PATIENT);
    try (Door.Visit resting = door.enter()) {
      String answer =
          resting.rest(
              () -> {
                Door.Visit other = door.enter();
                assertThat(door.figures().inside()).isEqualTo(1);
                return resting.rest(
                    () -> {
                      other.close();
                      return "rested";
                    });
              });
      assertThat(answer).isEqualTo("rested");
      assertThat(door.figures().inside()).isEqualTo(1);
      assertThatThrownBy(door::enter).isInstanceOf(HttpProblem.class);
    }
    assertThat(door.figures().inside()).isZero();
  }

  @Test
  void restIsNotCountedAsWork() throws Exception {
    Door door = door(2, 8, 0, PATIENT);
    fill(
        door,
        visit ->
            visit.rest(
                () -> {
                  nanos.addAndGet(SLOW.multipliedBy(10).toNanos());
                  return 0;
                }));
    assertThat(door.figures().places()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void quickAnswersMakeMorePlacesUpToTheMostAndSlowOnesFewerDownToTheLeast() throws Exception {
    Door door = door(2, 8, 0, PATIENT);
    assertThat(door.figures().places()).isEqualTo(4);
    for (int i = 0; i < 10; i++) {
      fill(door, _ -> {});
    }
    assertThat(door.figures().places()).isEqualTo(8);
    for (int i = 0; i < 10; i++) {
      fill(door, _ -> nanos.addAndGet(SLOW.toNanos() + 1));
    }
    assertThat(door.figures().places()).isEqualTo(2);
  }

  /// What is done inside.
  private interface Work {
    void run(Door.Visit visit) throws Exception;
  }

  /// Takes all places, works, leaves.
  private static void fill(Door door, Work work) throws Exception {
    List<Door.Visit> visits = new ArrayList<>();
    int places = door.figures().places();
    for (int i = 0; i < places; i++) {
      visits.add(door.enter());
    }
    work.run(visits.getFirst());
    for (Door.Visit visit : visits) {
      visit.close();
    }
  }
}
