package org.ongsung.console.services;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.ongsung.audit.Ledger;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobRequest;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobState;
import org.ongsung.jobs.Jobs;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;

/// Has a worker find the way to a target, for somebody who may go there and waits for it. Blocks.
public final class Connecting {
  private final Jobs jobs;
  private final ReachableTargets reachable;
  private final Ledger ledger;
  private final Duration longest;
  private final InstantSource clock;

  /// How a way turned out.
  public enum Outcome {
    /// A session could go there now.
    READY,
    /// The target does not answer.
    UNREACHABLE,
    /// It shows another host key than it should, so a session would be refused.
    HOST_KEY_CHANGED,
    /// No worker has answered yet.
    WAITING,
    /// No worker answered in time.
    LATE,
    /// The worker that looked could not do its work.
    FAILED
  }

  /// @param longest how long a worker has to answer
  public Connecting(
      Jobs jobs, ReachableTargets reachable, Ledger ledger, Duration longest, InstantSource clock) {
    this.jobs = jobs;
    this.reachable = reachable;
    this.ledger = ledger;
    this.longest = longest;
    this.clock = clock;
  }

  /// What the caller may type to get to an account.
  ///
  /// @throws HttpProblem 404 when it is not for them, or not there
  public Reachable.AccountWay way(Caller caller, Name target, Name account) {
    return reachable.of(caller).stream()
        .filter(row -> row.target().equals(target.value()))
        .flatMap(row -> row.accounts().stream())
        .filter(way -> way.account().equals(account.value()))
        .findFirst()
        .orElseThrow(HttpProblem::notFound);
  }

  /// Asks for the way; a worker takes it up within moments.
  public Job ask(Caller caller, Name target, Name account) {
    Reachable.AccountWay way = way(caller, target, account);
    Name user = caller.userName().orElseThrow(HttpProblem::notFound);
    JobParameters.OpenSession parameters = new JobParameters.OpenSession(user, target, account);
    ledger.append(
        new AuditEvent(
            clock.instant(),
            AuditCode.JOB_SUBMITTED,
            caller.name(),
            caller.sourceText(),
            null,
            parameters.subject(),
            Map.of("job.kind", parameters.kind().text(), "grant", way.grant())));
    return jobs.submit(JobRequest.now(parameters, caller.name()).by(clock.instant().plus(longest)));
  }

  /// The caller's own asking; nobody else's exists for them.
  public Job own(Caller caller, String id) {
    Optional<Job> found = jobs.find(JobAsking.id(id));
    return found
        .filter(job -> job.origin().owner().equals(caller.name()))
        .filter(job -> job.parameters() instanceof JobParameters.OpenSession)
        .orElseThrow(HttpProblem::notFound);
  }

  /// Waits for the answer, until the job has to have one.
  public Job await(Job job) throws InterruptedException {
    return job.deadline() == null ? job : jobs.await(job.id(), job.deadline());
  }

  /// What came of it so far.
  public Outcome outcome(Job job) {
    if (job.result() instanceof JobResult.Way way) {
      return !way.probed().reachable()
          ? Outcome.UNREACHABLE
          : way.probed().hostKey() == HostKeyCheck.CHANGED
              ? Outcome.HOST_KEY_CHANGED
              : Outcome.READY;
    }
    if (job.state() == JobState.ERROR) {
      return Outcome.FAILED;
    }
    boolean late = job.deadline() != null && !clock.instant().isBefore(job.deadline());
    return job.state().ended() || late ? Outcome.LATE : Outcome.WAITING;
  }
}
