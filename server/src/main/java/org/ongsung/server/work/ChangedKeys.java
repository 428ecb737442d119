package org.ongsung.server.work;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.ongsung.audit.Ledger;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.Jobs;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;

/// Tells the ledger of a target that shows a probe another host key than it should; once for each
/// key, however often it is probed.
public final class ChangedKeys {
  private final Jobs jobs;
  private final Ledger ledger;
  private final InstantSource clock;

  public ChangedKeys(Jobs jobs, Ledger ledger, InstantSource clock) {
    this.jobs = jobs;
    this.ledger = ledger;
    this.clock = clock;
  }

  /// Looks at a job that has ended.
  public void ended(Job job) {
    if (!(job.parameters() instanceof JobParameters.ProbeTarget(var target))
        || !(job.result() instanceof JobResult.Probed probed)
        || probed.hostKey() != HostKeyCheck.CHANGED) {
      return;
    }
    List<Job> newest = jobs.newestDone(JobKind.PROBE, target.value(), 2);
    boolean known =
        newest.stream()
            .filter(one -> !one.id().equals(job.id()))
            .anyMatch(
                one ->
                    one.result() instanceof JobResult.Probed before
                        && before.hostKey() == HostKeyCheck.CHANGED
                        && before.fingerprint().equals(probed.fingerprint()));
    if (!known) {
      long _ =
          ledger.append(
              new AuditEvent(
                  clock.instant(),
                  AuditCode.HOST_KEY_MISMATCH,
                  AuditEvent.SYSTEM,
                  "",
                  null,
                  target.value(),
                  Map.of(
                      "proven", probed.fingerprint(),
                      "verdict", "changed",
                      "job", job.id().value())));
    }
  }
}
