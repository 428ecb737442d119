package org.ongsung.console.services;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.jobs.CronTimes;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobRefusedException;
import org.ongsung.jobs.JobRequest;
import org.ongsung.jobs.JobSchedule;
import org.ongsung.jobs.JobTrees;
import org.ongsung.jobs.Jobs;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;

/// What people ask of the queue: every asking and stopping is in the ledger before it is done.
/// Blocks.
public final class JobAsking {
  private final Jobs jobs;
  private final Ledger ledger;
  private final InstantSource clock;

  public JobAsking(Jobs jobs, Ledger ledger, InstantSource clock) {
    this.jobs = jobs;
    this.ledger = ledger;
    this.clock = clock;
  }

  /// The queue, for reading.
  public Jobs jobs() {
    return jobs;
  }

  /// Asks for a job.
  ///
  /// @throws JobRefusedException when it is not taken up
  public Job submit(
      Caller caller,
      JobParameters parameters,
      @Nullable String key,
      java.time.@Nullable Instant notBefore,
      java.time.@Nullable Instant deadline) {
    if (parameters.kind() == JobKind.SESSION) {
      throw new JobRefusedException(
          JobRefusedException.Reason.KIND, "a session is asked for by connecting to its target");
    }
    requireMayAsk(caller, parameters.kind());
    jobs.checkServed(parameters.kind());
    Job.Origin origin;
    try {
      origin = new Job.Origin(caller.name(), key, null, null);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest(String.valueOf(e.getMessage()));
    }
    tell(AuditCode.JOB_SUBMITTED, caller, parameters, "");
    return jobs.submit(new JobRequest(parameters, origin, notBefore, deadline));
  }

  /// Whether somebody may ask for jobs of a kind: administrators for any, auditors for what only
  /// reads.
  public static boolean mayAsk(Caller caller, JobKind kind) {
    return caller.isAdmin() || (caller.isAuditor() && kind == JobKind.REPORT);
  }

  private static void requireMayAsk(Caller caller, JobKind kind) {
    if (!mayAsk(caller, kind)) {
      throw new HttpProblem(403, "forbidden", "your roles do not allow that");
    }
  }

  /// The job of an id; what is none is not found.
  public Job find(String id) {
    return jobs.find(id(id)).orElseThrow(HttpProblem::notFound);
  }

  /// Stops a job.
  public Job cancel(Caller caller, String id) {
    Job job = find(id);
    if (job.state().ended()) {
      throw new HttpProblem(409, "conflict", "the job has ended already: " + job.state().text());
    }
    tell(AuditCode.JOB_CANCELLED, caller, job.parameters(), id);
    return jobs.cancel(job.id(), caller.name()).orElseThrow(HttpProblem::notFound);
  }

  /// Has a job done again.
  public Job rerun(Caller caller, String id) {
    Job job = find(id);
    if (job.kind() == JobKind.SESSION) {
      throw new JobRefusedException(
          JobRefusedException.Reason.KIND, "a session is asked for by connecting to its target");
    }
    requireMayAsk(caller, job.kind());
    jobs.checkServed(job.kind());
    tell(AuditCode.JOB_SUBMITTED, caller, job.parameters(), id);
    return jobs.rerun(job.id(), caller.name()).orElseThrow(HttpProblem::notFound);
  }

  /// Sets a schedule up or changes it.
  public JobSchedule put(
      Caller caller,
      Name name,
      JobParameters parameters,
      CronTimes times,
      ZoneId zone,
      boolean active) {
    if (parameters.kind() == JobKind.SESSION) {
      throw new JobRefusedException(
          JobRefusedException.Reason.KIND, "sessions are not for schedules");
    }
    jobs.checkServed(parameters.kind());
    String node = parameters.kind().place() == JobKind.Place.GATEWAY ? jobs.node() : null;
    JobSchedule schedule =
        new JobSchedule(name, parameters, times, zone, node, caller.name(), active);
    Map<String, String> before = jobs.schedule(name).map(JobAsking::fields).orElse(Map.of());
    tellSchedule(caller, name, before, fields(schedule));
    jobs.put(schedule);
    return schedule;
  }

  /// When a schedule makes its next job; null for never.
  public java.time.@Nullable Instant nextOf(JobSchedule schedule) {
    return schedule.next(clock.instant()).orElse(null);
  }

  /// Takes a schedule away.
  public void deleteSchedule(Caller caller, Name name) {
    JobSchedule old = jobs.schedule(name).orElseThrow(HttpProblem::notFound);
    tellSchedule(caller, name, fields(old), Map.of());
    boolean _ = jobs.deleteSchedule(name);
  }

  private static Map<String, String> fields(JobSchedule schedule) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("kind", schedule.parameters().kind().text());
    JobTrees.of(schedule.parameters())
        .forEach((field, value) -> fields.put("parameters." + field, String.valueOf(value)));
    fields.put("times", schedule.times().toString());
    fields.put("zone", schedule.zone().getId());
    fields.put("active", String.valueOf(schedule.active()));
    return fields;
  }

  private void tellSchedule(
      Caller caller, Name name, Map<String, String> before, Map<String, String> after) {
    Map<String, String> details = new TreeMap<>();
    before.forEach(
        (field, was) -> {
          if (!was.equals(after.get(field))) {
            details.put(field + ".before", was);
          }
        });
    after.forEach(
        (field, is) -> {
          if (!is.equals(before.get(field))) {
            details.put(field + ".after", is);
          }
        });
    ledger.append(
        new AuditEvent(
            clock.instant(),
            AuditCode.JOB_SCHEDULE_CHANGED,
            caller.name(),
            caller.sourceText(),
            null,
            name.value(),
            details));
  }

  /// An id as it stands in an address; what cannot be one is not found.
  public static JobId id(String text) {
    try {
      return new JobId(text);
    } catch (IllegalArgumentException e) {
      throw HttpProblem.notFound();
    }
  }

  private void tell(AuditCode code, Caller caller, JobParameters parameters, String job) {
    Map<String, String> details =
        job.isEmpty()
            ? Map.of("job.kind", parameters.kind().text())
            : Map.of("job.kind", parameters.kind().text(), "job", job);
    ledger.append(
        new AuditEvent(
            clock.instant(),
            code,
            caller.name(),
            caller.sourceText(),
            null,
            parameters.subject(),
            details));
  }
}
