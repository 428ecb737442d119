package org.ongsung.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.jobs.JobContext;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobParameters.BuildReport;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobTrees;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.EndReason;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseConfig;

/// Reports from a real database into real files.
class ReportWorkTest {
  private static final Instant NOW = Instant.parse("2026-11-22T03:40:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final Instant SINCE = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-11-02T00:00:00Z");

  @TempDir private Path folder;
  private Database database;
  private Ledger ledger;
  private ReportFolder reports;

  @BeforeEach
  void open() {
    database = Database.open(new DatabaseConfig.Embedded(folder));
    database.migrate();
    ledger = new Ledger(database.ledger(), LedgerLimits.DEFAULT);
    reports = new ReportFolder(folder, Duration.ofDays(30));
  }

  @AfterEach
  void close() {
    ledger.close();
    database.close();
  }

  private JobResult.Written built(BuildReport.Content content, BuildReport.Form form)
      throws Exception {
    return (JobResult.Written)
        new ReportWork(reports, database.sessions(), ledger, CLOCK)
            .run(
                new BuildReport(content, form, SINCE, UNTIL),
                null,
                new JobContext(JobId.create(NOW), "w", CLOCK));
  }

  private List<String> lines(JobResult.Written written) throws Exception {
    try (InputStream in = reports.open(written.name()).orElseThrow()) {
      byte[] bytes = in.readAllBytes();
      assertThat(bytes).hasSize((int) written.bytes());
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      assertThat(written.sha256()).isEqualTo(HexFormat.of().formatHex(sum));
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
  }

  private void session(Instant start, String client, boolean ended) {
    Session session =
        new Session(
            SessionId.create(start),
            Name.of("alice"),
            Name.of("web-1"),
            Name.of("root"),
            "root",
            Protocol.SSH,
            Name.of("ops"),
            "password",
            "192.0.2.7",
            client,
            "gate",
            start,
            null);
    database.sessions().start(session);
    if (ended) {
      database
          .sessions()
          .end(
              session.id(),
              new Session.End(
                  start.plusSeconds(90),
                  SessionState.ENDED,
                  EndReason.of(EndReason.Code.PERSON_LEFT),
                  null,
                  10,
                  20));
    }
  }

  @Test
  void aReportSaysWhoUsedWhatWhenAndHowLong() throws Exception {
    session(SINCE.minusMillis(1), "too early", true);
    session(SINCE, "=HYPERLINK(\"http://example.com\",\"한글\")", true);
    session(UNTIL.minusMillis(1), "SSH-2.0-x", false);
    session(UNTIL, "too late", true);
    JobResult.Written written = built(BuildReport.Content.SESSIONS, BuildReport.Form.CSV);
    assertThat(written.rows()).isEqualTo(2);
    List<String> lines = lines(written);
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).startsWith("session,user,target,account,login,protocol,startedAt");
    assertThat(lines.get(1)).contains(",live,").contains("SSH-2.0-x");
    assertThat(lines.get(2))
        .contains("alice,web-1,root,root,ssh," + SINCE + "," + SINCE.plusSeconds(90) + ",90,ended")
        .contains("\"'=HYPERLINK(\"\"http://example.com\"\",\"\"한글\"\")\"");
  }

  @Test
  void jsonLinesHoldTheSameAsTheyAre() throws Exception {
    session(SINCE, "=1+1", true);
    List<String> lines = lines(built(BuildReport.Content.SESSIONS, BuildReport.Form.JSONL));
    assertThat(lines).hasSize(1);
    assertThat(JobTrees.tree(lines.getFirst()))
        .containsEntry("client", "=1+1")
        .containsEntry("seconds", 90)
        .containsEntry("user", "alice");
  }

  @Test
  void theLedgerOfATimeIsAReportToo() throws Exception {
    for (Instant at : List.of(SINCE.minusSeconds(1), SINCE, UNTIL)) {
      long _ =
          ledger.append(
              new AuditEvent(
                  at,
                  AuditCode.LOGIN_SUCCESS,
                  "alice",
                  "192.0.2.7",
                  null,
                  "a,b",
                  Map.of("k", "v")));
    }
    List<String> lines = lines(built(BuildReport.Content.LEDGER, BuildReport.Form.CSV));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1))
        .isEqualTo("2," + SINCE + ",login.success,alice,192.0.2.7,,\"a,b\",k=v");
  }

  @Test
  void moreThanAPageIsWhole() throws Exception {
    for (int i = 0; i < 2_001; i++) {
      session(SINCE.plusSeconds(i), "c" + i, false);
    }
    JobResult.Written written = built(BuildReport.Content.SESSIONS, BuildReport.Form.JSONL);
    assertThat(written.rows()).isEqualTo(2_001);
    assertThat(lines(written)).doesNotHaveDuplicates().hasSize(2_001);
  }

  @Test
  void aFileIsOnlyTheOwnersAndGoesWhenItIsTooOld() throws Exception {
    JobResult.Written old = built(BuildReport.Content.SESSIONS, BuildReport.Form.CSV);
    JobResult.Written exact = built(BuildReport.Content.SESSIONS, BuildReport.Form.JSONL);
    Path files = folder.resolve("reports");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(files.resolve(old.name()))))
        .isEqualTo("rw-------");
    Instant border = NOW.minus(Duration.ofDays(30));
    Files.setLastModifiedTime(files.resolve(old.name()), FileTime.from(border.minusSeconds(1)));
    Files.setLastModifiedTime(files.resolve(exact.name()), FileTime.from(border));
    Files.writeString(files.resolve("somebody-elses.csv"), "x");
    Files.setLastModifiedTime(files.resolve("somebody-elses.csv"), FileTime.from(Instant.EPOCH));
    assertThat(built(BuildReport.Content.LEDGER, BuildReport.Form.CSV).removed()).isEqualTo(1);
    assertThat(reports.open(old.name())).isEmpty();
    try (InputStream in = reports.open(exact.name()).orElseThrow()) {
      assertThat(in).isNotNull();
    }
    assertThat(files.resolve("somebody-elses.csv")).exists();
    assertThat(reports.open("../vault.keys")).isEmpty();
  }
}
