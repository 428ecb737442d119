package org.ongsung.server.running;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.ongsung.audit.Ledger;
import org.ongsung.directory.Directory;
import org.ongsung.gateway.via.Passages;
import org.ongsung.jobs.Destination;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLimits;
import org.ongsung.jobs.JobQueue;
import org.ongsung.jobs.JobSweep;
import org.ongsung.jobs.JobWork;
import org.ongsung.jobs.JobWorker;
import org.ongsung.jobs.Jobs;
import org.ongsung.jobs.LeaseDesk;
import org.ongsung.jobs.Wakeups;
import org.ongsung.protocols.ssh.SshProbe;
import org.ongsung.recording.RecordingStore;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.configuration.Notices;
import org.ongsung.server.work.BackupWork;
import org.ongsung.server.work.ChangedKeys;
import org.ongsung.server.work.LoginWork;
import org.ongsung.server.work.NotifyWork;
import org.ongsung.server.work.ProbeWork;
import org.ongsung.server.work.PurgeWork;
import org.ongsung.server.work.ReportFolder;
import org.ongsung.server.work.ReportWork;
import org.ongsung.store.Database;
import org.ongsung.vault.OwnSecrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The queue of this process, what calls it in time, and the worker that is always there.
///
/// [#start] returns at once: what calls in time is made on a thread of its own, so that nobody who
/// wants to log in waits for it.
final class JobRoom implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobRoom.class);

  /// Where one process has the database for itself, nothing changes that it does not know of.
  private static final Duration LOOK_AGAIN_ALONE = Duration.ofSeconds(30);

  private final Wakeups wakeups;
  private final PolicySchedules policy;
  private final SshProbe probe;
  private final Jobs jobs;
  private final JobQueue queue;
  private final JobSweep sweep;
  private final JobWorker worker;
  private final LedgerNotices notices;
  private final ReportFolder reports;
  private volatile OwnAddress own = (_, _) -> OptionalInt.empty();
  private volatile LoginWork.Trier logins =
      (_, _, _) -> {
        throw new IllegalStateException("no job runs before the start");
      };
  private boolean closed;

  /// The gateway's own console, as far as a URL is its own.
  interface OwnAddress {
    /// The status of a post that was taken in process; empty where the URL is somebody else's.
    OptionalInt post(URI url, byte[] json) throws IOException, InterruptedException;
  }

  private JobRoom(
      Configuration configuration,
      Database database,
      RecordingStore recordings,
      Directory directory,
      Ledger ledger,
      OwnSecrets secrets,
      JobLimits limits,
      Clock clock) {
    String node = configuration.node();
    this.wakeups = database.wakeups(node);
    this.policy = new PolicySchedules(configuration, database.isShared());
    this.probe = new SshProbe();
    this.jobs = new Jobs(database.jobs(), wakeups, node, limits, clock);
    this.sweep = new JobSweep(jobs);
    this.queue =
        new LeaseDesk(jobs, target -> directory.snapshot().target(target).map(Destination::of));
    jobs.route(
        target ->
            directory
                .snapshot()
                .target(target)
                .flatMap(known -> Optional.ofNullable(known.labels().get(Passages.WORKER_LABEL))));
    Map<JobKind, JobWork> works = new EnumMap<>(JobKind.class);
    ProbeWork probing = new ProbeWork(probe);
    works.put(JobKind.PROBE, probing);
    works.put(JobKind.SESSION, probing);
    works.put(
        JobKind.LOGIN,
        new LoginWork(
            directory,
            (target, account, cause) -> logins.tryLogin(target, account, cause),
            ledger,
            clock));
    works.put(JobKind.BACKUP, new BackupWork(configuration.data(), database, ledger, clock));
    works.put(
        JobKind.PURGE,
        new PurgeWork(
            node,
            database.sessions(),
            database.retention(),
            recordings,
            database.transcripts(),
            directory,
            ledger,
            clock));
    this.reports =
        new ReportFolder(
            configuration.data(), Duration.ofDays(configuration.upkeep().reportDays()));
    works.put(JobKind.REPORT, new ReportWork(reports, database.sessions(), ledger, clock));
    Notices notices = configuration.upkeep().notices();
    if (!notices.equals(Notices.NONE)) {
      works.put(
          JobKind.NOTIFY,
          new NotifyWork(
              notices, node, secrets, (url, _, json) -> own.post(url, json), ledger, clock));
    }
    jobs.serve(works.keySet());
    jobs.onEnd(new ChangedKeys(jobs, ledger, clock)::ended);
    this.notices = new LedgerNotices(notices, ledger, jobs, clock);
    this.worker = new JobWorker(node, node, queue, works, limits.workerSlots(), clock);
  }

  /// Makes it ready; nothing runs before [#start].
  static JobRoom open(
      Configuration configuration,
      Database database,
      RecordingStore recordings,
      Directory directory,
      Ledger ledger,
      OwnSecrets secrets,
      Clock clock) {
    JobLimits limits =
        JobLimits.DEFAULT
            .withLease(configuration.upkeep().lease())
            .keepingHistory(Duration.ofDays(configuration.upkeep().jobDays()));
    return new JobRoom(
        configuration,
        database,
        recordings,
        directory,
        ledger,
        secrets,
        database.isShared() ? limits : limits.lookingAgainEvery(LOOK_AGAIN_ALONE),
        clock);
  }

  /// Begins to take jobs.
  ///
  /// @param console which no request of a job goes out to
  /// @param trier logs in at targets
  void start(OwnAddress console, LoginWork.Trier trier) {
    own = console;
    logins = trier;
    worker.start();
    notices.start();
    Thread.ofPlatform().name("job-times").daemon().start(this::startSweep);
  }

  private synchronized void startSweep() {
    if (closed) {
      return;
    }
    try {
      sweep.start();
      policy.applyTo(jobs);
    } catch (RuntimeException e) {
      LOG.error("nothing calls the queue in time: schedules and lost workers are not seen", e);
    }
  }

  Jobs jobs() {
    return jobs;
  }

  ReportFolder reports() {
    return reports;
  }

  JobQueue queue() {
    return queue;
  }

  @Override
  public void close() {
    notices.close();
    worker.close();
    synchronized (this) {
      closed = true;
      wakeups.close();
    }
    probe.close();
  }
}
