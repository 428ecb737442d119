package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.recording.ChannelProgress;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.recording.SessionQuery;
import org.ongsung.recording.SessionStore;
import org.ongsung.recording.TargetUse;

abstract class SessionStoreContract extends StoreContract {
  private static final Session.End ENDED =
      new Session.End(
          Samples.NOW.plusSeconds(60),
          SessionState.ENDED,
          new EndReason(EndReason.Code.TARGET_TIMEOUT, Map.of("error", "no answer — 응답 없음")),
          null,
          10,
          1L << 40);

  private SessionStore sessions;

  SessionStoreContract(DatabaseFixture fixture) {
    super(fixture);
  }

  @BeforeEach
  void takeTheSessions() {
    sessions = database.sessions();
  }

  private Session started(int second, String user, String target) {
    return started(second, user, target, "root");
  }

  private Session started(int second, String user, String target, String account) {
    Session session = Samples.session(Samples.NOW.plusSeconds(second), user, target, account);
    sessions.start(session);
    return session;
  }

  @Test
  void aSessionComesBackAsItWasLiveAndEnded() {
    Session session = started(0, "alice", "web-1");
    assertThat(sessions.find(session.id())).contains(session);
    assertThat(sessions.end(session.id(), ENDED)).isTrue();
    reopen();
    assertThat(database.sessions().find(session.id())).contains(session.ended(ENDED));
  }

  @Test
  void aSessionEndsOnceAndTheFirstEndCounts() {
    Session session = started(0, "alice", "web-1");
    Session.End terminated =
        new Session.End(
            Samples.NOW,
            SessionState.TERMINATED,
            EndReason.of(EndReason.Code.ADMINISTRATOR, "told\u0000 to"),
            Name.of("admin"),
            1,
            2);
    assertThat(sessions.end(session.id(), terminated)).isTrue();
    assertThat(sessions.end(session.id(), ENDED)).isFalse();
    assertThat(sessions.find(session.id())).contains(session.ended(terminated));
    assertThat(sessions.end(SessionId.create(Samples.NOW), ENDED)).isFalse();
  }

  @Test
  void aSessionStartsOnce() {
    Session session = started(0, "alice", "web-1");
    assertThatThrownBy(() -> sessions.start(session))
        .isInstanceOf(RecordUnavailableException.class);
    assertThatThrownBy(() -> sessions.start(session.ended(ENDED)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whereSomebodyWentIsCountedNewestFirst() {
    started(0, "alice", "old");
    for (int second = 1; second <= 3; second++) {
      started(second, "alice", "web-1");
    }
    started(4, "alice", "web-2");
    started(5, "bob", "web-3");
    Session failed = started(6, "alice", "web-4");
    assertThat(
            sessions.end(
                failed.id(),
                new Session.End(
                    Samples.NOW,
                    SessionState.FAILED,
                    EndReason.of(EndReason.Code.TARGET_UNREACHABLE, "no"),
                    null,
                    0,
                    0)))
        .isTrue();
    Name root = Name.of("root");
    assertThat(sessions.uses(Name.of("alice"), 5))
        .containsExactly(
            new TargetUse(Name.of("web-2"), root, 1, Samples.NOW.plusSeconds(4)),
            new TargetUse(Name.of("web-1"), root, 3, Samples.NOW.plusSeconds(3)));
    assertThat(sessions.uses(Name.of("nobody"), 10_000)).isEmpty();
    assertThatThrownBy(() -> sessions.uses(Name.of("alice"), 10_001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void eachAccountIsCountedByItselfHoweverOftenAnotherWasUsed() {
    for (int second = 0; second < 4; second++) {
      started(second, "alice", "web-1", "root");
      started(10 + second % 2, "alice", "web-2", "root");
    }
    started(20, "alice", "web-1", "deploy");
    started(20, "alice", "web-2", "deploy");
    assertThat(sessions.uses(Name.of("alice"), 10_000))
        .as("the last used first, then by name")
        .containsExactly(
            use("web-1", "deploy", 1, 20),
            use("web-2", "deploy", 1, 20),
            use("web-2", "root", 4, 11),
            use("web-1", "root", 4, 3));
  }

  private static TargetUse use(String target, String account, long times, int lastSecond) {
    return new TargetUse(
        Name.of(target), Name.of(account), times, Samples.NOW.plusSeconds(lastSecond));
  }

  @Test
  void channelsComeInOrderAsTheyWere() {
    Session session = started(0, "alice", "web-1");
    SessionChannel shell = Samples.channel(session, 0, ChannelKind.SHELL, "");
    SessionChannel exec = Samples.channel(session, 1, ChannelKind.EXEC, "ls 'ㄱ' \u0007");
    sessions.openChannel(exec);
    sessions.openChannel(shell);
    assertThat(sessions.channels(session.id())).containsExactly(shell, exec);
    assertThat(sessions.channels(session.id(), 0, 1)).containsExactly(shell);
    assertThat(sessions.channels(session.id(), 1, 1_000)).containsExactly(exec);
    assertThat(sessions.channels(session.id(), 2, 1)).isEmpty();
    assertThat(sessions.channel(session.id(), 1)).contains(exec);
    assertThat(sessions.channel(session.id(), 2)).isEmpty();
    assertThatThrownBy(() -> sessions.channels(session.id(), 0, 1_001))
        .isInstanceOf(IllegalArgumentException.class);

    SessionChannel.End plain =
        new SessionChannel.End(Samples.NOW, null, null, 1, 2, null, null, 0, false);
    SessionChannel.End full =
        new SessionChannel.End(
            Samples.NOW, 255, "TERM", 3, 4, "a".repeat(64), "b".repeat(64), 5, true);
    sessions.closeChannel(session.id(), 0, plain);
    sessions.closeChannel(session.id(), 1, full);
    sessions.closeChannel(session.id(), 1, plain);
    assertThat(sessions.channels(session.id()))
        .containsExactly(shell.ended(plain), exec.ended(full));
  }

  @Test
  void howFarAnOpenChannelIsIsKeptUntilItEnds() {
    Session session = Samples.session(Samples.NOW, "alice", "web-1");
    sessions.start(session);
    SessionChannel sftp = Samples.channel(session, 0, ChannelKind.SFTP, "sftp");
    SessionChannel forward = Samples.channel(session, 1, ChannelKind.LOCAL_FORWARD, "db:5432");
    sessions.openChannel(sftp);
    sessions.openChannel(forward);
    assertThat(sessions.progress(session.id())).isEmpty();
    ChannelProgress first = new ChannelProgress(session.id(), 0, Samples.NOW, 1, 2);
    ChannelProgress later =
        new ChannelProgress(session.id(), 0, Samples.NOW.plusSeconds(1), 10, 1L << 40);
    ChannelProgress other = new ChannelProgress(session.id(), 1, Samples.NOW.plusSeconds(1), 5, 0);
    sessions.keepProgress(List.of(first));
    assertThat(sessions.progress(session.id())).containsExactly(first);
    sessions.keepProgress(List.of(other, later));
    assertThat(sessions.progress(session.id())).containsExactly(later, other);
    assertThat(sessions.channels(session.id())).containsExactly(sftp, forward);

    SessionChannel.End end =
        new SessionChannel.End(Samples.NOW, null, null, 11, 12, null, null, 0, true);
    sessions.closeChannel(session.id(), 0, end);
    sessions.keepProgress(List.of(first));
    assertThat(sessions.progress(session.id())).containsExactly(other);
    assertThat(sessions.channels(session.id())).containsExactly(sftp.ended(end), forward);
  }

  @Test
  void aChannelNeedsItsSession() {
    Session unknown = Samples.session(Samples.NOW, "alice", "web-1");
    assertThatThrownBy(
            () -> sessions.openChannel(Samples.channel(unknown, 0, ChannelKind.SHELL, "")))
        .isInstanceOf(RecordUnavailableException.class);
  }

  @Test
  void fileOperationsComeInOrderPageByPage() {
    Session one = started(0, "alice", "web-1");
    Session two = started(1, "bob", "web-1");
    List<FileOperation> operations = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      operations.add(Samples.rename(i % 5 == 4 ? two : one, 0, "/tmp/파일 " + i));
    }
    sessions.addFileOperations(operations);
    sessions.addFileOperations(List.of());
    List<FileOperation> ofOne =
        operations.stream().filter(o -> o.session().equals(one.id())).toList();
    assertThat(sessions.fileOperations(one.id(), 0, 7)).isEqualTo(ofOne.subList(0, 7));
    assertThat(sessions.fileOperations(one.id(), 14, 7)).isEqualTo(ofOne.subList(14, 20));
    assertThat(sessions.fileOperations(one.id(), 20, 7)).isEmpty();
    assertThatThrownBy(() -> sessions.fileOperations(one.id(), 0, 1_001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hostileTextsAreKeptReadable() {
    Session session = started(0, "alice", "web-1");
    sessions.openChannel(Samples.channel(session, 0, ChannelKind.EXEC, "a\u0000b\udc00"));
    sessions.addFileOperations(List.of(Samples.rename(session, 0, "/\u0000/../\ud83d")));
    assertThat(sessions.channels(session.id()).getFirst().subject()).isEqualTo("a\uFFFDb\uFFFD");
    assertThat(sessions.fileOperations(session.id(), 0, 1).getFirst().path())
        .isEqualTo("/\uFFFD/../\uFFFD");
  }

  @Test
  void everyFilterFindsWhatItSays() {
    Session first = started(0, "alice", "web-1");
    Session second = started(1, "bob", "web-1");
    Session third = started(2, "alice", "db-1");
    sessions.openChannel(Samples.channel(first, 0, ChannelKind.SHELL, ""));
    sessions.openChannel(Samples.channel(first, 1, ChannelKind.EXEC, "Tar -czf 백업_50%.tgz"));
    sessions.openChannel(Samples.channel(second, 0, ChannelKind.SFTP, "sftp"));
    sessions.end(first.id(), ENDED);

    assertThat(found(SessionQuery.newest(10))).containsExactly(third.id(), second.id(), first.id());
    assertThat(found(who("alice", null))).containsExactly(third.id(), first.id());
    assertThat(found(who(null, "web-1"))).containsExactly(second.id(), first.id());
    assertThat(found(who("alice", "web-1"))).containsExactly(first.id());
    assertThat(found(states(SessionState.LIVE))).containsExactly(third.id(), second.id());
    assertThat(found(states(SessionState.ENDED, SessionState.FAILED))).containsExactly(first.id());
    assertThat(found(kinds(ChannelKind.EXEC, ChannelKind.SFTP)))
        .containsExactly(second.id(), first.id());
    assertThat(found(kinds(ChannelKind.X11))).isEmpty();
    assertThat(found(text("TAR"))).containsExactly(first.id());
    assertThat(found(text("백업_50%"))).containsExactly(first.id());
    assertThat(found(text("%"))).containsExactly(first.id());
    assertThat(found(text("ALI"))).containsExactly(third.id(), first.id());
    assertThat(found(text("db-"))).containsExactly(third.id());
    assertThat(found(text("192.0.2"))).hasSize(3);
    assertThat(found(text("roo"))).hasSize(3);
    assertThat(found(text("nothing like it"))).isEmpty();
    assertThat(found(between(first.startedAt(), third.startedAt())))
        .as("since is inclusive, until is not")
        .containsExactly(second.id(), first.id());
  }

  @Test
  void pagesGoOnWhereThePageBeforeEnded() {
    List<SessionId> newestFirst = new ArrayList<>();
    IntStream.range(0, 12).forEach(i -> newestFirst.addFirst(started(i, "alice", "web-1").id()));
    SessionQuery second =
        new SessionQuery(null, null, Set.of(), Set.of(), null, null, null, newestFirst.get(4), 5);
    assertThat(found(SessionQuery.newest(5))).isEqualTo(newestFirst.subList(0, 5));
    assertThat(found(second)).isEqualTo(newestFirst.subList(5, 10));
  }

  @Test
  void openSessionsOfANodeAreKnownAfterACrash() {
    Session open = started(0, "alice", "web-1");
    Session ended = started(1, "alice", "web-1");
    sessions.end(ended.id(), ENDED);
    assertThat(sessions.openOn("node-1")).containsExactly(open);
    assertThat(sessions.openOn("node-2")).isEmpty();
  }

  private List<SessionId> found(SessionQuery query) {
    return sessions.find(query).stream().map(Session::id).toList();
  }

  private static SessionQuery who(String user, String target) {
    return new SessionQuery(
        user == null ? null : Name.of(user),
        target == null ? null : Name.of(target),
        Set.of(),
        Set.of(),
        null,
        null,
        null,
        null,
        10);
  }

  private static SessionQuery states(SessionState... states) {
    return new SessionQuery(null, null, Set.of(states), Set.of(), null, null, null, null, 10);
  }

  private static SessionQuery kinds(ChannelKind... kinds) {
    return new SessionQuery(null, null, Set.of(), Set.of(kinds), null, null, null, null, 10);
  }

  private static SessionQuery text(String text) {
    return new SessionQuery(null, null, Set.of(), Set.of(), null, null, text, null, 10);
  }

  private static SessionQuery between(Instant since, Instant until) {
    return new SessionQuery(null, null, Set.of(), Set.of(), since, until, null, null, 10);
  }
}
