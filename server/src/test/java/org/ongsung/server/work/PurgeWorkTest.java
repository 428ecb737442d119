package org.ongsung.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.directory.Actor;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectoryLimits;
import org.ongsung.directory.StoredDirectory;
import org.ongsung.jobs.JobContext;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.model.AuditCode;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.model.User;
import org.ongsung.recording.FileRecordingStore;
import org.ongsung.recording.RecordingId;
import org.ongsung.recording.RecordingStore;
import org.ongsung.recording.Retention;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.TranscriptLine;

/// Purges against real files and a real database.
class PurgeWorkTest {
  private static final Instant NOW = Instant.parse("2026-11-22T03:40:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final int DAYS = 30;

  @TempDir private Path folder;
  private Database database;
  private Ledger ledger;
  private StoredDirectory directory;
  private FileRecordingStore files;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(new DatabaseConfig.Embedded(folder));
    database.migrate();
    ledger = new Ledger(database.ledger(), LedgerLimits.DEFAULT);
    directory = new StoredDirectory(database.directory(), ledger, CLOCK, DirectoryLimits.DEFAULT);
    files = new FileRecordingStore(folder.resolve("recordings"));
  }

  @AfterEach
  void close() {
    directory.close();
    ledger.close();
    database.close();
  }

  private JobResult.Purged purge() throws Exception {
    return purge(files);
  }

  private JobResult.Purged purge(RecordingStore store) throws Exception {
    PurgeWork work =
        new PurgeWork(
            "node-1",
            database.sessions(),
            database.retention(),
            store,
            database.transcripts(),
            directory,
            ledger,
            CLOCK);
    return (JobResult.Purged)
        work.run(
            new JobParameters.PurgeRecordings(DAYS),
            null,
            new JobContext(JobId.create(NOW), "w", CLOCK));
  }

  private void label(String target, String days) {
    var _ =
        directory.change(
            Actor.SYSTEM,
            _ -> {
              DirectoryChange.Builder change = new DirectoryChange.Builder();
              change.put(
                  new User(
                      Name.of("admin"),
                      Title.NONE,
                      Set.of(Role.ADMIN),
                      Set.of(),
                      true,
                      null,
                      List.of()));
              change.put(
                  new Target(
                      Name.of(target),
                      Title.NONE,
                      Protocol.SSH,
                      new HostAndPort("10.0.0.1", 22),
                      Map.of("retention", days),
                      HostKeyPolicy.TRUST_ON_FIRST_USE,
                      List.of(),
                      List.of()));
              return change.build();
            });
  }

  /// A session with two recordings of ten bytes each; live when `end` is null.
  private SessionId session(String target, Instant end) throws Exception {
    Instant start = end == null ? NOW.minus(Duration.ofDays(400)) : end.minusSeconds(60);
    Session session =
        new Session(
            SessionId.create(start),
            Name.of("alice"),
            Name.of(target),
            Name.of("root"),
            "root",
            Protocol.SSH,
            Name.of("grant"),
            "password",
            "127.0.0.1",
            "ssh",
            "node-1",
            start,
            null);
    database.sessions().start(session);
    for (int number = 0; number < 2; number++) {
      database
          .sessions()
          .openChannel(
              new SessionChannel(session.id(), number, ChannelKind.SHELL, "", start, null));
      try (RecordingStore.Sink sink = files.create(new RecordingId(session.id(), number))) {
        sink.write(new byte[10], 0, 10);
      }
    }
    if (end != null) {
      database
          .sessions()
          .end(
              session.id(),
              new Session.End(
                  end, SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT), null, 1, 2));
    }
    return session.id();
  }

  private boolean isThere(SessionId session) throws Exception {
    try (var _ = files.open(new RecordingId(session, 0));
        var _ = files.open(new RecordingId(session, 1))) {
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static Instant daysAgo(long days) {
    return NOW.minus(Duration.ofDays(days));
  }

  private List<LedgerEntry> told() {
    return ledger.find(LedgerQuery.newest(100)).stream()
        .filter(entry -> entry.event().code() == AuditCode.RECORDING_PURGED)
        .toList();
  }

  @Test
  void whatIsOlderThanThePolicyGoesAndWhatIsJustAsOldStays() throws Exception {
    SessionId old = session("web-1", daysAgo(DAYS).minusMillis(1));
    SessionId exact = session("web-1", daysAgo(DAYS));
    SessionId young = session("web-1", daysAgo(1));
    TranscriptLine line = new TranscriptLine(0, NOW, Direction.OUTPUT, "", "shown");
    for (SessionId each : List.of(old, exact)) {
      assertThat(database.transcripts().append(each, 0, List.of(line), 0, false)).isTrue();
    }
    assertThat(purge()).isEqualTo(new JobResult.Purged(1, 2, 20, 0));
    assertThat(isThere(old)).isFalse();
    assertThat(isThere(exact)).isTrue();
    assertThat(isThere(young)).isTrue();
    assertThat(database.transcripts().lines(old, 0, 0, 10)).isEmpty();
    assertThat(database.transcripts().lines(exact, 0, 0, 10)).containsExactly(line);
    assertThat(database.retention().of(old).purge()).isEqualTo(new Retention.Purge(NOW, 2, 20));
    assertThat(told()).hasSize(1);
    assertThat(told().getFirst().event().session()).isEqualTo(old);
    assertThat(database.sessions().find(old)).as("the session itself stays").isPresent();
  }

  @Test
  void aSecondPurgeFindsNothingToDo() throws Exception {
    SessionId _ = session("web-1", daysAgo(100));
    assertThat(purge().sessions()).isEqualTo(1);
    assertThat(purge()).isEqualTo(new JobResult.Purged(0, 0, 0, 0));
    assertThat(told()).hasSize(1);
  }

  @Test
  void heldAndLiveSessionsStayAndLiftedOnesGo() throws Exception {
    SessionId held = session("web-1", daysAgo(100));
    SessionId live = session("web-1", null);
    database.retention().hold(held, new Retention.Hold("bora", NOW, "case 7"));
    assertThat(purge()).isEqualTo(new JobResult.Purged(0, 0, 0, 1));
    assertThat(isThere(held)).isTrue();
    assertThat(isThere(live)).isTrue();
    database.retention().release(held);
    assertThat(purge().recordings()).isEqualTo(2);
    assertThat(isThere(held)).isFalse();
    assertThat(isThere(live)).isTrue();
  }

  @Test
  void aTargetsLabelSaysHowLongItsRecordingsAreKept() throws Exception {
    label("long", "365");
    label("short", "7");
    label("always", "forever");
    SessionId longer = session("long", daysAgo(100));
    SessionId shorter = session("short", daysAgo(8));
    SessionId always = session("always", daysAgo(3_000));
    SessionId other = session("gone-from-the-directory", daysAgo(8));
    assertThat(purge().sessions()).isEqualTo(1);
    assertThat(isThere(shorter)).isFalse();
    assertThat(List.of(isThere(longer), isThere(always), isThere(other))).containsOnly(true);
  }

  @Test
  void whatAStopLeftHalfDoneTheNextPurgeDoes() throws Exception {
    SessionId session = session("web-1", daysAgo(100));
    RecordingStore failing =
        (RecordingStore)
            java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RecordingStore.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("delete")
                      && ((RecordingId) arguments[0]).channel() == 1) {
                    throw new java.io.IOException("told to fail");
                  }
                  return method.invoke(files, arguments);
                });
    Assertions.assertThatThrownBy(() -> purge(failing)).isInstanceOf(java.io.IOException.class);
    assertThat(database.retention().hold(session, new Retention.Hold("bora", NOW, "late")))
        .isFalse();
    assertThat(purge()).isEqualTo(new JobResult.Purged(1, 1, 10, 0));
    assertThat(isThere(session)).isFalse();
    assertThat(Optional.ofNullable(database.retention().of(session).purge())).isPresent();
  }
}
