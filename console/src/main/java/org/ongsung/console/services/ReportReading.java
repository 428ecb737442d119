package org.ongsung.console.services;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.ongsung.audit.Ledger;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.Jobs;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;

/// The files that reports have made, for readers whom the route table has let in. Every reading is
/// in the ledger before its first byte goes out.
public final class ReportReading {
  private final Jobs jobs;
  private final ReportFiles files;
  private final StreamPlaces places;
  private final Ledger ledger;
  private final InstantSource clock;

  public ReportReading(ConsoleServices services, StreamPlaces places) {
    this.jobs = services.jobs();
    this.files = services.reports();
    this.places = places;
    this.ledger = services.ledger();
    this.clock = services.clock();
  }

  /// Whether a job has a file to download.
  public static boolean hasFile(Job job) {
    return job.kind() == JobKind.REPORT && job.result() instanceof JobResult.Written;
  }

  /// The file of a report.
  ///
  /// @throws HttpProblem 404 when the job has none, or it was deleted; 409 when another gateway has
  ///   it
  public Reply download(Caller caller, Job job) throws IOException {
    if (job.kind() != JobKind.REPORT || !(job.result() instanceof JobResult.Written written)) {
      throw HttpProblem.notFound();
    }
    if (job.node() != null && !job.node().equals(jobs.node())) {
      throw new HttpProblem(
          409, "report-elsewhere", "the file of this report is on the gateway " + job.node());
    }
    Optional<InputStream> file = files.open(written.name());
    if (file.isEmpty()) {
      throw new HttpProblem(
          404, "report-gone", "the file of this report was deleted, because it was too old");
    }
    InputStream in = file.get();
    try {
      ledger.append(
          new AuditEvent(
              clock.instant(),
              AuditCode.REPORT_READ,
              caller.name(),
              caller.sourceText(),
              null,
              written.name(),
              Map.of("job", job.id().value())));
    } catch (RuntimeException e) {
      in.close();
      throw e;
    }
    String type = written.name().endsWith(".csv") ? "text/csv; charset=utf-8" : "application/jsonl";
    return Reply.stream(
            type,
            places.holding(
                out -> {
                  try (in) {
                    in.transferTo(out);
                  }
                },
                in))
        .with("Content-Disposition", "attachment; filename=\"" + written.name() + "\"");
  }
}
