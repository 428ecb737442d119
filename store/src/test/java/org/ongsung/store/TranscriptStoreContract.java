package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.testkit.Deadlines;
import org.ongsung.transcript.index.LineQuery;
import org.ongsung.transcript.index.SearchBusyException;
import org.ongsung.transcript.index.SearchLimits;
import org.ongsung.transcript.index.TranscriptSearch;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.PendingChannel;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.line.TranscriptLine;
import org.ongsung.transcript.line.TranscriptStore;
import org.ongsung.transcript.query.UnfitPatternException;
import org.ongsung.transcript.query.Words;

abstract class TranscriptStoreContract extends StoreContract {
  private static final SessionChannel.End END =
      new SessionChannel.End(Samples.NOW, null, null, 1, 2, null, null, 0, true);

  private TranscriptStore transcripts;
  private Session session;

  TranscriptStoreContract(DatabaseFixture fixture) {
    super(fixture);
  }

  @BeforeEach
  void startASession() {
    transcripts = database.transcripts();
    session = Samples.session(Samples.NOW, "alice", "web-1");
    database.sessions().start(session);
    database.sessions().openChannel(Samples.channel(session, 0, ChannelKind.SHELL, ""));
  }

  private static TranscriptLine line(long number, String text) {
    return new TranscriptLine(
        number,
        Samples.NOW.plusSeconds(number),
        List.of(Direction.values()).get((int) number % 3),
        "$",
        text);
  }

  private static List<TranscriptLine> lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> line(i, "줄 " + i)).toList();
  }

  @Test
  void linesComeBackAsTheyWereInOrderAndByTheirNumber() {
    assertThat(transcripts.append(session.id(), 0, lines(0, 5), 0, false)).isTrue();
    assertThat(transcripts.append(session.id(), 0, lines(5, 9), 0, false)).isTrue();
    reopen();
    assertThat(database.transcripts().lines(session.id(), 0, 0, 100)).isEqualTo(lines(0, 9));
    assertThat(database.transcripts().lines(session.id(), 0, 3, 2)).isEqualTo(lines(3, 5));
    assertThat(database.transcripts().lines(session.id(), 1, 0, 10)).isEmpty();
  }

  @Test
  void whatIsPendingSaysHowFarItIsUntilItIsDone() {
    SessionChannel shell = Samples.channel(session, 0, ChannelKind.SHELL, "");
    assertThat(transcripts.pending("node-1", true, 10))
        .containsExactly(new PendingChannel(shell, 0, 0));
    assertThat(transcripts.pending("node-2", true, 10)).isEmpty();
    transcripts.append(session.id(), 0, lines(0, 3), 77, false);
    assertThat(transcripts.pending("node-1", true, 10))
        .containsExactly(new PendingChannel(shell, 3, 77));
    database.sessions().closeChannel(session.id(), 0, END);
    assertThat(transcripts.pending("node-1", true, 10)).isEmpty();
    assertThat(transcripts.pending("node-1", false, 10))
        .containsExactly(new PendingChannel(shell.ended(END), 3, 77));
    assertThat(transcripts.append(session.id(), 0, List.of(), 80, true)).isTrue();
    assertThat(transcripts.pending("node-1", false, 10)).isEmpty();
    assertThat(transcripts.append(session.id(), 0, lines(3, 4), 80, false))
        .as("a transcript that is done takes no more")
        .isFalse();
    assertThat(transcripts.lines(session.id(), 0, 0, 10)).hasSize(3);
  }

  @Test
  void aNumberIsTakenOnceAndABatchIsWholeOrNotThere() {
    transcripts.append(session.id(), 0, lines(0, 3), 0, false);
    assertThatThrownBy(() -> transcripts.append(session.id(), 0, lines(2, 6), 0, false))
        .isInstanceOf(RuntimeException.class);
    assertThat(transcripts.lines(session.id(), 0, 0, 10)).isEqualTo(lines(0, 3));
    assertThat(transcripts.pending("node-1", true, 1).getFirst().nextNumber()).isEqualTo(3);
  }

  @Test
  void newLinesOfAllSessionsComeInTheOrderOfTheirSequence() {
    Session other = Samples.session(Samples.NOW.plusSeconds(1), "bob", "db-1");
    database.sessions().start(other);
    database.sessions().openChannel(Samples.channel(other, 0, ChannelKind.EXEC, "id"));
    assertThat(transcripts.newest()).isZero();
    transcripts.append(session.id(), 0, lines(0, 2), 0, false);
    transcripts.append(other.id(), 0, lines(0, 2), 0, false);
    transcripts.append(session.id(), 0, lines(2, 4), 0, false);
    List<SearchableLine> all = transcripts.after(0, 100);
    assertThat(all)
        .hasSize(6)
        .isSortedAccordingTo((a, b) -> Long.compare(a.sequence(), b.sequence()));
    assertThat(all.get(2).user()).isEqualTo(other.user());
    assertThat(all.get(2).target()).isEqualTo(other.target());
    assertThat(all.get(2).kind()).isEqualTo(ChannelKind.EXEC);
    assertThat(all.get(4).line()).isEqualTo(line(2, "줄 2"));
    assertThat(transcripts.after(all.get(3).sequence(), 1)).containsExactly(all.get(4));
    assertThat(transcripts.newest()).isEqualTo(all.getLast().sequence());
  }

  @Test
  void twoNodesEachFindEveryLineInAnIndexOfTheirOwn(@TempDir Path folder) {
    transcripts.append(session.id(), 0, lines(0, 3), 0, false);
    try (TranscriptSearch one = search(folder.resolve("one"));
        TranscriptSearch other = search(folder.resolve("other"))) {
      for (TranscriptSearch node : List.of(one, other)) {
        Deadlines.await("what was there is found", () -> found(node, "줄 2") == 1);
      }
      transcripts.append(session.id(), 0, lines(3, 40), 0, false);
      for (TranscriptSearch node : List.of(one, other)) {
        Deadlines.await("what came since is found", () -> found(node, "줄 39") == 1);
        Deadlines.await("nothing is left", () -> node.behind() == 0);
        // Told only after the lines can be found.
        Deadlines.await("the last of them is told", () -> node.indexed() == transcripts.newest());
      }
    }
  }

  private TranscriptSearch search(Path folder) {
    TranscriptSearch made = new TranscriptSearch(folder, transcripts, SearchLimits.DEFAULT);
    made.start();
    return made;
  }

  private static int found(TranscriptSearch node, String words) {
    try {
      LineQuery query =
          new LineQuery(
              Words.of(words), null, null, null, Set.of(), Set.of(), null, null, null, 10);
      return node.find(query).lines().size();
    } catch (SearchBusyException e) {
      return 0; // the index is being opened
    } catch (UnfitPatternException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoeverFollowsSeesEveryLineOnceWhileSeveralWrite() throws Exception {
    List<Thread> writers = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      Session own = Samples.session(Samples.NOW.plusSeconds(10 + writer), "alice", "web-1");
      database.sessions().start(own);
      database.sessions().openChannel(Samples.channel(own, 0, ChannelKind.SHELL, ""));
      writers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 100; i += 5) {
                      transcripts.append(own.id(), 0, lines(i, i + 5), 0, false);
                    }
                  }));
    }
    Set<String> seen = new HashSet<>();
    long last = 0;
    boolean writing = true;
    while (writing) {
      writing = writers.stream().anyMatch(Thread::isAlive);
      for (SearchableLine line : transcripts.after(last, 1_000)) {
        assertThat(seen.add(line.session() + "/" + line.line().number())).isTrue();
        last = line.sequence();
      }
    }
    assertThat(seen).hasSize(400);
  }

  @Test
  void aDroppedSessionHasNoLinesAndGetsNone() {
    transcripts.append(session.id(), 0, lines(0, 900), 0, false);
    transcripts.append(session.id(), 0, lines(900, 1_600), 0, false);
    long newest = transcripts.newest();
    assertThat(transcripts.newestDropped()).isZero();
    assertThat(transcripts.drop(session.id())).isEqualTo(1_600);
    assertThat(transcripts.after(0, 10)).isEmpty();
    assertThat(transcripts.droppedAfter(0, 10)).hasSize(1);
    assertThat(transcripts.droppedAfter(0, 10).getFirst().session()).isEqualTo(session.id());
    assertThat(transcripts.droppedAfter(transcripts.newestDropped(), 10)).isEmpty();
    assertThat(transcripts.pending("node-1", true, 10)).isEmpty();
    assertThat(transcripts.append(session.id(), 0, lines(1_600, 1_601), 0, false)).isFalse();

    Session next = Samples.session(Samples.NOW.plusSeconds(1), "bob", "db-1");
    database.sessions().start(next);
    database.sessions().openChannel(Samples.channel(next, 0, ChannelKind.SHELL, ""));
    transcripts.append(next.id(), 0, lines(0, 1), 0, false);
    assertThat(transcripts.newest()).as("no sequence comes twice").isGreaterThan(newest);
  }

  @Test
  void aTranscriptCanBeginAnew() {
    transcripts.append(session.id(), 0, lines(0, 10), 5, false);
    transcripts.restart(session.id(), 0);
    assertThat(transcripts.lines(session.id(), 0, 0, 10)).isEmpty();
    assertThat(transcripts.append(session.id(), 0, lines(0, 2), 0, false)).isTrue();
  }

  @Test
  void fileOperationsOfAChannelComeBehindAPlace() {
    database
        .sessions()
        .addFileOperations(
            List.of(
                Samples.rename(session, 0, "/a"),
                Samples.rename(session, 1, "/b"),
                Samples.rename(session, 0, "/c")));
    var first = transcripts.fileOperations(session.id(), 0, 0, 1);
    assertThat(first).hasSize(1);
    assertThat(first.getFirst().operation().path()).isEqualTo("/a");
    var rest = transcripts.fileOperations(session.id(), 0, first.getFirst().id(), 10);
    assertThat(rest).hasSize(1);
    assertThat(rest.getFirst().operation().path()).isEqualTo("/c");
  }

  @Test
  void moreThanABatchIsRefused() {
    assertThatThrownBy(() -> transcripts.after(0, 1_001))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> transcripts.append(session.id(), 0, lines(0, 1_001), 0, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(transcripts.append(session.id(), 0, lines(0, 1_000), 0, false)).isTrue();
    assertThatThrownBy(() -> transcripts.pending("node-1", true, 20_001))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
