package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.wall.Notice;
import org.ongsung.directory.wall.WallLink;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionState;
import org.ongsung.model.Title;
import org.ongsung.policy.AccessToken;
import org.ongsung.recording.SessionQuery;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.TranscriptLine;
import org.ongsung.vault.OwnSecret;
import org.ongsung.vault.SealedSecret;

abstract class BackupContract extends StoreContract {
  private static final TranscriptLine LINE =
      new TranscriptLine(0, Samples.NOW, Direction.INPUT, "$", "ls 급여");

  private static final SealedSecret SEALED = new SealedSecret("key-1", new byte[] {0, -1, 2, 3});
  private static final AccessToken TOKEN =
      new AccessToken(
          "token-1",
          "a".repeat(64),
          Name.of("alice"),
          AccessToken.Purpose.API_TOKEN,
          "스크립트",
          "password",
          "",
          Samples.NOW,
          null,
          null,
          "");

  private static final Notice NOTICE =
      new Notice(
          Name.of("n"),
          new Title("점검"),
          "**밤**\n",
          true,
          null,
          Samples.NOW,
          Set.of(Name.of("ops")),
          Samples.NOW,
          "admin");
  private static final WallLink LINK =
      new WallLink(Name.of("l"), new Title("위키"), "https://x/", Title.NONE, 7, Set.of());

  @TempDir Path folder;

  BackupContract(DatabaseFixture fixture) {
    super(fixture);
  }

  private Session fill() {
    database
        .directory()
        .save(
            0,
            new DirectoryChange.Builder()
                .put(Samples.alice())
                .put(Samples.bob())
                .put(Samples.ops())
                .put(Samples.web1())
                .put(Samples.opsOnProd())
                .put(Samples.boundless())
                .put(Samples.rootPassword(), SEALED)
                .build());
    Session session = Samples.session(Samples.NOW, "alice", "web-1");
    database.sessions().start(session);
    database.sessions().openChannel(Samples.channel(session, 0, ChannelKind.EXEC, "ls"));
    database.sessions().addFileOperations(List.of(Samples.rename(session, 0, "/tmp/파일\n")));
    Session.End end =
        new Session.End(
            Samples.NOW, SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT), null, 1, 2);
    database.sessions().end(session.id(), end);
    database.transcripts().append(session.id(), 0, List.of(LINE), 7, false);
    database.tokens().create(TOKEN);
    boolean _ = database.wall().star(Name.of("alice"), Name.of("web-1"), Samples.NOW, 1);
    database.ownSecrets().put(OwnSecret.WEBHOOK, SEALED);
    database.wall().put(NOTICE);
    database.wall().put(LINK);
    database
        .ledger()
        .append(
            List.of(
                Samples.event(Samples.NOW, AuditCode.LOGIN_SUCCESS, "앨리스", "x"),
                new AuditEvent(
                    Samples.NOW,
                    AuditCode.SESSION_START,
                    "alice",
                    "",
                    session.id(),
                    "web-1",
                    Map.of("why", "\"quoted\"\n"))));
    return session.ended(end);
  }

  private void assertHoldsEverything(Database copy, Session session) {
    assertThat(copy.wall().stars(Name.of("alice"))).containsExactly(Name.of("web-1"));
    assertThat(copy.wall().notices()).containsExactly(NOTICE);
    assertThat(copy.wall().links()).containsExactly(LINK);
    assertThat(copy.directory().load().users()).isEqualTo(database.directory().load().users());
    assertThat(copy.directory().load().targets()).isEqualTo(database.directory().load().targets());
    assertThat(copy.directory().load().grants()).isEqualTo(database.directory().load().grants());
    assertThat(copy.directory().version()).isEqualTo(1);
    assertThat(copy.secrets().find(Samples.rootPassword())).contains(SEALED);
    assertThat(copy.secrets().find(OwnSecret.WEBHOOK)).contains(SEALED);
    assertThat(copy.sessions().find(session.id())).contains(session);
    assertThat(copy.sessions().channels(session.id()))
        .isEqualTo(database.sessions().channels(session.id()));
    assertThat(copy.sessions().fileOperations(session.id(), 0, 10))
        .isEqualTo(database.sessions().fileOperations(session.id(), 0, 10));
    assertThat(copy.transcripts().after(0, 10))
        .isEqualTo(database.transcripts().after(0, 10))
        .hasSize(1);
    assertThat(copy.tokens().find(TOKEN.sha256())).contains(TOKEN);
    assertThat(copy.ledger().find(LedgerQuery.newest(10)))
        .isEqualTo(database.ledger().find(LedgerQuery.newest(10)))
        .hasSize(2);
  }

  /// Goes on where the copy stood: nothing that counts may start again.
  private static void assertGoesOn(Database copy, Session session) {
    assertThat(
            copy.ledger()
                .append(List.of(Samples.event(Samples.NOW, AuditCode.LOGOUT, "alice", ""))))
        .isEqualTo(3);
    FileOperation later = Samples.rename(session, 0, "/later");
    copy.sessions().addFileOperations(List.of(later));
    assertThat(copy.sessions().fileOperations(session.id(), 1, 10)).containsExactly(later);
    long newest = copy.transcripts().newest();
    TranscriptLine next = new TranscriptLine(1, Samples.NOW, Direction.OUTPUT, "", "a.txt");
    copy.transcripts().append(session.id(), 0, List.of(next), 8, false);
    assertThat(copy.transcripts().newest()).isGreaterThan(newest);
  }

  private void assertRestores(DatabaseFixture into, Path copy, Session session) throws Exception {
    try (into) {
      DatabaseConfig config = into.create();
      Database.restore(config, copy);
      try (Database restored = Database.open(config)) {
        assertThat(restored.schemaState()).isEqualTo(SchemaState.CURRENT);
        assertHoldsEverything(restored, session);
        assertGoesOn(restored, session);
        assertThatThrownBy(() -> into.execute("delete from ledger")).isNotNull();
      }
    }
  }

  @Test
  void aBackupRestoresIntoEitherKindOfDatabase() throws Exception {
    Session session = fill();
    Path backup = folder.resolve("backup");
    database.backupTo(backup);
    assertRestores(DatabaseFixture.sqlite(), backup, session);
    assertRestores(DatabaseFixture.postgres(), backup, session);
  }

  @Test
  void anExportRestoresIntoEitherKindOfDatabase() throws Exception {
    Session session = fill();
    Path export = folder.resolve("export");
    database.exportTo(export);
    assertRestores(DatabaseFixture.sqlite(), export, session);
    assertRestores(DatabaseFixture.postgres(), export, session);
  }

  @Test
  void aBackupIsForItsOwnerAlone() throws Exception {
    Path backup = folder.resolve("backup");
    database.backupTo(backup);
    try (Stream<Path> files = Files.list(backup)) {
      assertThat(files.toList())
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void aBackupGoesOnlyIntoAnEmptyFolder() throws Exception {
    Path backup = folder.resolve("backup");
    database.backupTo(backup);
    assertThatThrownBy(() -> database.backupTo(backup))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("not empty");
  }

  @Test
  void aRestoreGoesOnlyIntoAnEmptyDatabase() {
    Path backup = folder.resolve("backup");
    database.backupTo(backup);
    DatabaseConfig config = fixture().config();
    assertThatThrownBy(() -> Database.restore(config, backup))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> Database.restore(config, folder))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("no whole copy");
  }

  @Test
  void aCopyOfANewerVersionIsRefused() throws Exception {
    Path export = folder.resolve("export");
    database.exportTo(export);
    Files.writeString(
        export.resolve(PortableCopy.MANIFEST), "{\"format\":1,\"main\":1,\"ledger\":99}");
    try (DatabaseFixture into = DatabaseFixture.sqlite()) {
      DatabaseConfig config = into.create();
      assertThatThrownBy(() -> Database.restore(config, export))
          .isInstanceOf(SchemaTooNewException.class);
    }
  }

  @Test
  void aDamagedCopyIsRefused() throws Exception {
    fill();
    for (String line : List.of("{\"name\":", "{\"name\":\"a\",\"x); drop\":1}", "[]", "{}")) {
      Path export = folder.resolve("export-" + line.hashCode());
      database.exportTo(export);
      Files.writeString(export.resolve("users.jsonl"), line);
      try (DatabaseFixture into = DatabaseFixture.sqlite()) {
        DatabaseConfig config = into.create();
        assertThatThrownBy(() -> Database.restore(config, export))
            .as(line)
            .isInstanceOf(DatabaseException.class);
      }
    }
  }

  @Test
  void whatAFailedRestoreFilledIsTakenAwaySoThatItCanBeTriedAgain() throws Exception {
    Session session = fill();
    Path export = folder.resolve("export");
    database.exportTo(export);
    Path ledger = export.resolve("ledger.jsonl"); // the last table to be filled
    String whole = Files.readString(ledger);
    Files.writeString(ledger, whole.substring(0, whole.length() - 10));
    for (DatabaseFixture into : List.of(DatabaseFixture.sqlite(), DatabaseFixture.postgres())) {
      try (into) {
        DatabaseConfig config = into.create();
        Files.writeString(ledger, whole.substring(0, whole.length() - 10));
        assertThatThrownBy(() -> Database.restore(config, export))
            .isInstanceOf(DatabaseException.class);
        try (Database tried = Database.open(config)) {
          assertThat(tried.schemaState()).isEqualTo(SchemaState.EMPTY);
        }
        Files.writeString(ledger, whole);
        Database.restore(config, export);
        try (Database restored = Database.open(config)) {
          assertHoldsEverything(restored, session);
        }
      }
    }
  }

  @Test
  void aBackupTakenWhileEventsComeInHasNoGapAndHoldsUpNobody() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> appended =
          pool.submit(
              () -> {
                long last = 0;
                while (!done.get()) {
                  last =
                      database
                          .ledger()
                          .append(
                              List.of(Samples.event(Samples.NOW, AuditCode.LOGOUT, "alice", "x")));
                }
                return last;
              });
      List<Path> backups = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Path backup = folder.resolve("backup-" + i);
        database.backupTo(backup);
        backups.add(backup);
      }
      done.set(true);
      assertThat(appended.get()).isPositive();
      for (Path backup : backups) {
        assertHasNoGap(backup);
      }
    }
  }

  private static void assertHasNoGap(Path backup) throws Exception {
    try (DatabaseFixture into = DatabaseFixture.sqlite()) {
      DatabaseConfig config = into.create();
      Database.restore(config, backup);
      try (Database restored = Database.open(config)) {
        List<LedgerEntry> newest = restored.ledger().find(LedgerQuery.newest(1_000));
        long last = newest.isEmpty() ? 0 : newest.getFirst().sequence();
        assertThat(newest)
            .extracting(LedgerEntry::sequence)
            .containsExactlyElementsOf(
                LongStream.range(0, newest.size()).mapToObj(i -> last - i).toList());
        assertThat(restored.sessions().find(SessionQuery.newest(1))).isEmpty();
      }
    }
  }
}
