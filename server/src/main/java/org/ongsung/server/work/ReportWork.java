package org.ongsung.server.work;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.jobs.Destination;
import org.ongsung.jobs.JobContext;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobWork;
import org.ongsung.jobs.WorkFailedException;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.recording.SessionQuery;
import org.ongsung.recording.SessionStore;
import org.ongsung.server.data.DataFolder;

/// Builds a report: the sessions that started in a time, or the ledger's entries of one, newest
/// first, as CSV or JSON lines; whole or not at all. Deletes reports that are too old.
///
/// A page is in memory at a time; no connection is held while it is written.
public final class ReportWork implements JobWork {
  /// The most rows of one report, inclusive.
  static final int MAX_ROWS = 5_000_000;

  private static final int FULL = 100;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final ReportFolder folder;
  private final SessionStore sessions;
  private final Ledger ledger;
  private final Clock clock;

  public ReportWork(ReportFolder folder, SessionStore sessions, Ledger ledger, Clock clock) {
    this.folder = folder;
    this.sessions = sessions;
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public JobResult run(
      JobParameters parameters, @Nullable Destination destination, JobContext context)
      throws IOException, InterruptedException, WorkFailedException {
    if (!(parameters instanceof JobParameters.BuildReport report)) {
      throw new WorkFailedException("there is nothing to report", false, null);
    }
    Instant now = clock.instant();
    int removed = folder.removeOld(now);
    String name =
        report.content().name().toLowerCase(Locale.ROOT)
            + "-"
            + TIME.format(now)
            + "-"
            + context.id()
            + "."
            + report.form().name().toLowerCase(Locale.ROOT);
    Path file = folder.file(name);
    Path fresh = file.resolveSibling(name + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, DataFolder.FILE_MODE);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long rows;
      try (Writer out =
          new BufferedWriter(
              new OutputStreamWriter(
                  new DigestOutputStream(
                      Files.newOutputStream(fresh, StandardOpenOption.WRITE), digest),
                  StandardCharsets.UTF_8))) {
        rows = write(report, out, context);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      context.log(rows + " rows");
      return new JobResult.Written(
          name, Files.size(file), rows, HexFormat.of().formatHex(digest.digest()), removed);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private long write(JobParameters.BuildReport report, Writer out, JobContext context)
      throws IOException, InterruptedException, WorkFailedException {
    return switch (report.content()) {
      case SESSIONS -> writeSessions(report, out, context);
      case LEDGER -> writeLedger(report, out, context);
    };
  }

  private long writeSessions(JobParameters.BuildReport report, Writer out, JobContext context)
      throws IOException, InterruptedException, WorkFailedException {
    Lines<Session> lines =
        new Lines<>(report, out, context, ReportRows.SESSION_COLUMNS, ReportRows::of);
    @Nullable SessionId before = null;
    List<Session> page;
    do {
      page =
          sessions.find(
              new SessionQuery(
                  null,
                  null,
                  Set.of(),
                  Set.of(),
                  report.since(),
                  report.until(),
                  null,
                  before,
                  SessionQuery.MAX_LIMIT));
      for (Session session : page) {
        lines.add(session);
        before = session.id();
      }
      lines.pageWritten(page.isEmpty() ? report.since() : page.getLast().startedAt());
    } while (page.size() == SessionQuery.MAX_LIMIT);
    return lines.rows;
  }

  private long writeLedger(JobParameters.BuildReport report, Writer out, JobContext context)
      throws IOException, InterruptedException, WorkFailedException {
    Lines<LedgerEntry> lines =
        new Lines<>(report, out, context, ReportRows.LEDGER_COLUMNS, ReportRows::of);
    @Nullable Long before = null;
    List<LedgerEntry> page;
    do {
      page =
          ledger.find(
              new LedgerQuery(
                  Set.of(),
                  null,
                  null,
                  null,
                  null,
                  report.since(),
                  report.until(),
                  before,
                  LedgerQuery.MAX_LIMIT));
      for (LedgerEntry entry : page) {
        lines.add(entry);
        before = entry.sequence();
      }
      lines.pageWritten(page.isEmpty() ? report.since() : page.getLast().event().at());
    } while (page.size() == LedgerQuery.MAX_LIMIT);
    return lines.rows;
  }

  /// Writes rows in the form that was asked for, and tells how far it is.
  private static final class Lines<T> {
    private final JobParameters.BuildReport report;
    private final Writer out;
    private final JobContext context;
    private final List<String> columns;
    private final Function<T, Map<String, Object>> row;
    private long rows;

    Lines(
        JobParameters.BuildReport report,
        Writer out,
        JobContext context,
        List<String> columns,
        Function<T, Map<String, Object>> row)
        throws IOException {
      this.report = report;
      this.out = out;
      this.context = context;
      this.columns = columns;
      this.row = row;
      if (report.form() == JobParameters.BuildReport.Form.CSV) {
        out.write(ReportRows.head(columns));
      }
    }

    void add(T one) throws IOException, WorkFailedException {
      if (rows == MAX_ROWS) {
        throw new WorkFailedException(
            "there are more than " + MAX_ROWS + " rows; ask for a shorter time", false, null);
      }
      Map<String, Object> tree = row.apply(one);
      out.write(
          report.form() == JobParameters.BuildReport.Form.CSV
              ? ReportRows.csv(columns, tree)
              : ReportRows.json(tree));
      rows++;
    }

    void pageWritten(Instant reached) throws InterruptedException {
      long all = Duration.between(report.since(), report.until()).toSeconds() + 1;
      long done = Duration.between(reached, report.until()).toSeconds();
      context.progress(Math.clamp(FULL * done / all, 0, FULL), rows + " rows");
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
