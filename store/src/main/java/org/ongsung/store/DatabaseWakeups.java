package org.ongsung.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobsUnavailableException;
import org.ongsung.jobs.Wakeups;
import org.ongsung.model.Name;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls at the times that db-scheduler keeps in its table: each by one of the processes that share
/// the database, whichever comes first.
///
/// The table knows names and times and nothing else: no task has data, so that nothing is ever
/// deserialised.
final class DatabaseWakeups implements Wakeups {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseWakeups.class);
  private static final String SWEEP = "sweep";
  private static final String DUE = "due";
  private static final String SCHEDULE = "schedule";
  private static final int THREADS = 2;
  private static final int MAX_NODE_CHARACTERS = 50;
  private static final Duration AGAIN_AFTER_FAILURE = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(5);

  private final DataSource source;
  private final String node;
  private volatile @Nullable Scheduler scheduler;

  DatabaseWakeups(DataSource source, String node) {
    this.source = source;
    this.node = node.substring(0, Math.min(node.length(), MAX_NODE_CHARACTERS));
  }

  @Override
  public void start(Calls calls, Duration sweepEvery) {
    RecurringTask<Void> sweep =
        Tasks.recurring(SWEEP, FixedDelay.of(sweepEvery)).execute((_, _) -> calls.sweep());
    Task<Void> due = Tasks.oneTime(DUE).execute((_, _) -> calls.due());
    Scheduler made =
        Scheduler.create(source, List.of(due, schedules(calls)))
            .startTasks(sweep)
            .threads(THREADS)
            .pollingInterval(sweepEvery)
            .schedulerName(new SchedulerName.Fixed(node))
            .serializer(new NothingSerialized())
            .alwaysPersistTimestampInUTC()
            .enableImmediateExecution()
            .shutdownMaxWait(STOP)
            .failureLogging(LogLevel.WARN, false)
            .build();
    scheduler = made;
    made.start();
  }

  private static Task<Void> schedules(Calls calls) {
    return Tasks.custom(SCHEDULE, Void.class)
        .onFailure(
            (completed, operations) ->
                operations.reschedule(completed, completed.getTimeDone().plus(AGAIN_AFTER_FAILURE)))
        .execute(
            (instance, _) -> {
              Optional<Instant> next = calls.make(Name.of(instance.getId()));
              return (completed, operations) -> {
                if (next.isPresent()) {
                  operations.reschedule(completed, next.get());
                } else {
                  operations.remove();
                }
              };
            });
  }

  @Override
  public void due(JobId job, Instant when) {
    with(
        client ->
            client.schedule(
                new TaskInstance<Void>(DUE, job.value()),
                when,
                SchedulerClient.ScheduleOptions.WHEN_EXISTS_RESCHEDULE));
  }

  @Override
  public void make(Name schedule, Instant when) {
    with(
        client ->
            client.schedule(
                new TaskInstance<Void>(SCHEDULE, schedule.value()),
                when,
                SchedulerClient.ScheduleOptions.WHEN_EXISTS_RESCHEDULE));
  }

  @Override
  public void forget(Name schedule) {
    try {
      with(client -> client.cancel(TaskInstanceId.of(SCHEDULE, schedule.value())));
    } catch (com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException e) {
      LOG.debug("nothing was set for schedule {}, or it is being made", schedule, e);
    }
  }

  private void with(java.util.function.Consumer<SchedulerClient> what) {
    Scheduler running = scheduler;
    if (running == null) {
      return; // whoever starts it looks at everything
    }
    try {
      what.accept(running);
    } catch (RuntimeException e) {
      RuntimeException failure = StoreFailure.of(e);
      if (failure instanceof StoreFailure known) {
        throw new JobsUnavailableException(known.shown(), e);
      }
      throw failure;
    }
  }

  @Override
  public void close() {
    Scheduler running = scheduler;
    if (running != null) {
      running.stop();
    }
  }

  /// Refuses to read or write anything but nothing.
  private static final class NothingSerialized implements Serializer {
    @Override
    public byte[] serialize(@Nullable Object data) {
      if (data != null) {
        throw new IllegalArgumentException("tasks have no data");
      }
      return new byte[0];
    }

    @Override
    @SuppressWarnings("NullAway") // db-scheduler takes null for no data
    public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] bytes) {
      return null;
    }
  }
}
