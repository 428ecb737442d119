package org.ongsung.jobs;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;

/// A job as it stands in the store.
///
/// @param origin who asked for it, and how
/// @param node the one gateway process that may run it, or [Jobs#WORKER] and the name of the one
///   worker that may; null for any
/// @param notBefore no worker takes it earlier; moves on with each retry
/// @param deadline it must have ended by then; null for none
/// @param attempt how often a worker has begun it
/// @param lease the newest; null before the first
/// @param startedAt when the newest attempt began; null before the first
/// @param endedAt null until it has ended
/// @param result null but for `DONE`
/// @param problem one line on what went wrong at the newest attempt; may be empty
/// @param cancelledBy who asks its worker to stop; null for nobody
/// @param version counts its changes, so that no two are made to the same state
public record Job(
    JobId id,
    JobParameters parameters,
    Origin origin,
    @Nullable String node,
    Instant createdAt,
    Instant notBefore,
    @Nullable Instant deadline,
    JobState state,
    int attempt,
    @Nullable Lease lease,
    Progress progress,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable JobResult result,
    String problem,
    @Nullable String cancelledBy,
    long version) {

  /// Where a job comes from.
  ///
  /// @param owner a user's name, `local-admin` or `system`
  /// @param key what the asker calls it, so that asking twice makes one job; null for none
  /// @param schedule the schedule that made it; null for none
  /// @param rerunOf the job that it repeats; null for none
  public record Origin(
      String owner, @Nullable String key, @Nullable Name schedule, @Nullable JobId rerunOf) {
    private static final int MAX_KEY_CHARACTERS = 100;

    public Origin {
      if (owner.isEmpty() || owner.length() > MAX_KEY_CHARACTERS) {
        throw new IllegalArgumentException("an owner has 1 to 100 characters");
      }
      if (key != null && (key.isEmpty() || key.length() > MAX_KEY_CHARACTERS)) {
        throw new IllegalArgumentException("an idempotency key has 1 to 100 characters");
      }
    }
  }

  public JobKind kind() {
    return parameters.kind();
  }

  /// How long it waited for the newest attempt, or waits.
  public Duration waited(Instant now) {
    Instant until = startedAt != null ? startedAt : endedAt != null ? endedAt : now;
    Duration waited = Duration.between(createdAt, until);
    return waited.isNegative() ? Duration.ZERO : waited;
  }

  /// How long the newest attempt ran, or runs.
  public Duration ran(Instant now) {
    if (startedAt == null) {
      return Duration.ZERO;
    }
    Instant until = endedAt != null ? endedAt : state == JobState.RUNNING ? now : startedAt;
    Duration ran = Duration.between(startedAt, until);
    return ran.isNegative() ? Duration.ZERO : ran;
  }

  /// Whether a worker with that token holds it now.
  boolean heldWith(String token) {
    return (state == JobState.TAKEN || state == JobState.RUNNING)
        && lease != null
        && lease.token().equals(token);
  }

  /// Taken by a worker.
  public Job taken(Lease by) {
    return with(
        JobState.TAKEN, notBefore, attempt, by, Progress.NONE, null, null, null, problem, null);
  }

  Job begun(Instant now, Instant until) {
    return with(
        JobState.RUNNING,
        notBefore,
        attempt + 1,
        lease == null ? null : lease.longer(until),
        Progress.NONE,
        now,
        null,
        null,
        "",
        cancelledBy);
  }

  Job renewed(Instant until, Progress how) {
    return with(
        state,
        notBefore,
        attempt,
        lease == null ? null : lease.longer(until),
        how,
        startedAt,
        null,
        null,
        problem,
        cancelledBy);
  }

  Job again(Instant when, String why) {
    return with(
        JobState.NEW, when, attempt, lease, Progress.NONE, startedAt, null, null, why, null);
  }

  Job cancelling(String by) {
    return with(state, notBefore, attempt, lease, progress, startedAt, null, null, problem, by);
  }

  Job ended(JobState how, Instant now, @Nullable JobResult what, String why) {
    return with(
        how,
        notBefore,
        attempt,
        lease,
        how == JobState.DONE ? new Progress(100, progress.note()) : progress,
        startedAt,
        now,
        what,
        why,
        cancelledBy);
  }

  private Job with(
      JobState newState,
      Instant newNotBefore,
      int newAttempt,
      @Nullable Lease newLease,
      Progress newProgress,
      @Nullable Instant newStart,
      @Nullable Instant newEnd,
      @Nullable JobResult newResult,
      String newProblem,
      @Nullable String newCancelledBy) {
    return new Job(
        id,
        parameters,
        origin,
        node,
        createdAt,
        newNotBefore,
        deadline,
        newState,
        newAttempt,
        newLease,
        newProgress,
        newStart,
        newEnd,
        newResult,
        newProblem,
        newCancelledBy,
        version + 1);
  }
}
