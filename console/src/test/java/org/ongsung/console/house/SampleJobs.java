package org.ongsung.console.house;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.jobs.CronTimes;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLogLine;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobSchedule;
import org.ongsung.jobs.JobState;
import org.ongsung.jobs.Lease;
import org.ongsung.jobs.Progress;
import org.ongsung.jobs.WorkerSight;
import org.ongsung.model.Name;

/// Jobs in every state, schedules and workers. None of them is one that a worker would take.
final class SampleJobs {
  /// The name of the file that the report has made.
  static final String REPORT = "sessions-20261122T074000Z-00000000000000000000000000.csv";

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private SampleJobs() {}

  /// Fills `store`; the jobs come oldest first: a probe that is done, a backup that is done, a
  /// probe that failed, one that was dropped, a backup that runs, a probe that waits for another
  /// attempt, a report that is done.
  static List<Job> fill(MemoryJobStore store) {
    List<Job> jobs = new ArrayList<>();
    JobParameters probe = new JobParameters.ProbeTarget(Name.of("web-1"));
    JobParameters backup = new JobParameters.MakeBackup(7);
    JobResult.Probed changed =
        new JobResult.Probed(
            true,
            "",
            Duration.ofMillis(12),
            "SSH-2.0-OpenSSH",
            "SHA256:b6dPC7SQ1XhNpoVx2hVu3GBaO6fHSGJ6qFSuPrV1HBA",
            HostKeyCheck.CHANGED);
    JobResult written =
        new JobResult.Written(
            "scheduled-20261122T030000Z-00000000000000000000000000.tar.gz",
            48_000_000,
            0,
            "0".repeat(64),
            1);
    jobs.add(job(9, probe, null, JobState.DONE, changed, ""));
    jobs.add(job(8, backup, Name.of("nightly"), JobState.DONE, written, ""));
    jobs.add(job(7, probe, null, JobState.ERROR, null, "worker branch was lost"));
    jobs.add(job(6, probe, null, JobState.DROPPED, null, "cancelled by admin"));
    jobs.add(job(5, backup, null, JobState.RUNNING, null, ""));
    jobs.add(
        job(4, probe, null, JobState.NEW, null, "failed inside; its worker's log has the cause"));
    JobParameters report =
        new JobParameters.BuildReport(
            JobParameters.BuildReport.Content.SESSIONS,
            JobParameters.BuildReport.Form.CSV,
            Samples.NOW.minus(Duration.ofDays(30)),
            Samples.NOW);
    JobResult file = new JobResult.Written(REPORT, 14, 1, "0".repeat(64), 0);
    jobs.add(job(3, report, null, JobState.DONE, file, ""));
    for (Job job : jobs) {
      Job _ = store.add(job, Integer.MAX_VALUE);
    }
    JobId running = jobs.get(4).id();
    store.addLog(
        running,
        List.of(
            new JobLogLine(1, Samples.NOW.minus(MINUTE), 1, "copying the database"),
            new JobLogLine(2, Samples.NOW, 1, Samples.HOSTILE)));
    store.putSchedule(schedule("nightly", backup, true), 100);
    store.putSchedule(schedule("weekly-look", probe, false), 100);
    store.saw(new WorkerSight("gate", "gate", Set.of(JobKind.PROBE, JobKind.BACKUP), Samples.NOW));
    return List.copyOf(jobs);
  }

  private static JobSchedule schedule(String name, JobParameters parameters, boolean active) {
    return new JobSchedule(
        Name.of(name),
        parameters,
        CronTimes.parse("0 3 * * *"),
        ZoneId.of("Asia/Seoul"),
        "gate",
        "admin",
        active);
  }

  private static Job job(
      int minutesAgo,
      JobParameters parameters,
      @Nullable Name schedule,
      JobState state,
      @Nullable JobResult result,
      String problem) {
    Instant asked = Samples.NOW.minus(MINUTE.multipliedBy(minutesAgo));
    Instant began = asked.plusSeconds(2);
    boolean waits = state == JobState.NEW;
    return new Job(
        JobId.create(asked),
        parameters,
        new Job.Origin("admin", null, schedule, null),
        state.ended() ? "gate" : "elsewhere",
        asked,
        waits ? Samples.NOW.plus(MINUTE) : asked,
        null,
        state,
        1,
        new Lease("gate", "a-token-of-samples", began, Samples.NOW.plus(MINUTE)),
        state == JobState.RUNNING ? new Progress(40, "copying the database") : Progress.NONE,
        began,
        state.ended() ? began.plusSeconds(3) : null,
        result,
        problem,
        null,
        3);
  }
}
