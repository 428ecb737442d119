package org.ongsung.transcript.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.DroppedSession;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.line.TranscriptLine;
import org.ongsung.transcript.query.EveryLine;
import org.ongsung.transcript.query.Expression;
import org.ongsung.transcript.query.LinePattern;
import org.ongsung.transcript.query.Words;

class TranscriptSearchTest {
  private static final Instant START = Instant.parse("2026-09-20T00:00:00Z");
  private static final String[] WORDS = {
    "ls",
    "-la",
    "sudo",
    "systemctl",
    "restart",
    "nginx",
    "급여",
    "명세서",
    "접속",
    "거부",
    "허용",
    "denied",
    "failed",
    "ERROR",
    "rm -rf",
    "/etc/hosts",
    "10.0.0.1",
    "가",
    "Straße",
    "select * from 급여",
    "k",
    "ok"
  };

  @TempDir private Path folder;
  private final List<SearchableLine> all = new ArrayList<>();

  private List<SearchableLine> lines(int count) {
    Random random = new Random(5);
    List<SessionId> sessions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      sessions.add(SessionId.create(START.plusSeconds(i)));
    }
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      for (int word = 0; word <= random.nextInt(7); word++) {
        text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
      }
      int session = random.nextInt(sessions.size());
      all.add(
          new SearchableLine(
              i + 1,
              sessions.get(session),
              session % 3,
              session % 5 == 0 ? ChannelKind.EXEC : ChannelKind.SHELL,
              Name.of("user-" + session % 7),
              Name.of("target-" + session % 4),
              new TranscriptLine(
                  i,
                  START.plus(Duration.ofMinutes(random.nextInt(100_000))),
                  List.of(Direction.values()).get(random.nextInt(3)),
                  i % 3 == 0 ? "a$" : "",
                  text.toString().strip())));
    }
    return all;
  }

  private static LineQuery query(LinePattern pattern, int limit) {
    return new LineQuery(pattern, null, null, null, Set.of(), Set.of(), null, null, null, limit);
  }

  private List<SearchableLine> brute(LineQuery query) {
    return all.stream()
        .filter(line -> query.pattern().matches(line.line().text()))
        .filter(line -> query.users() == null || query.users().contains(line.user()))
        .filter(line -> query.targets() == null || query.targets().contains(line.target()))
        .filter(line -> query.session() == null || query.session().equals(line.session()))
        .filter(line -> query.kinds().isEmpty() || query.kinds().contains(line.kind()))
        .filter(
            line ->
                query.directions().isEmpty()
                    || query.directions().contains(line.line().direction()))
        .filter(line -> query.since() == null || !line.line().at().isBefore(query.since()))
        .filter(line -> query.until() == null || line.line().at().isBefore(query.until()))
        .sorted(
            Comparator.comparing((SearchableLine line) -> line.line().at())
                .thenComparingLong(SearchableLine::sequence)
                .reversed())
        .toList();
  }

  /// Reads page after page until the end.
  private static List<SearchableLine> found(LineIndex index, LineQuery query, SearchLimits limits)
      throws IOException {
    List<SearchableLine> found = new ArrayList<>();
    FoundLines page = new LineSearch(query, limits).run(index);
    found.addAll(page.lines());
    while (page.next() != null) {
      page = new LineSearch(query.before(page.next(), query.limit()), limits).run(index);
      found.addAll(page.lines());
    }
    return found;
  }

  @Test
  void everySearchFindsWhatLookingAtEveryLineFinds() throws Exception {
    try (LineIndex index = LineIndex.open(folder.resolve("index"), SearchLimits.DEFAULT)) {
      List<SearchableLine> lines = lines(5_000);
      for (int at = 0; at < lines.size(); at += 500) {
        index.add(lines.subList(at, at + 500));
        index.refresh();
      }
      assertThat(folder.resolve("index/2026-09")).isDirectory();
      List<LinePattern> patterns = new ArrayList<>(List.of(new EveryLine()));
      for (String words :
          List.of(
              "급",
              "급여",
              "급여 명세서",
              "명세",
              "ls",
              "k",
              "l",
              "error",
              "STRASSE",
              "straße",
              "rm -rf",
              "\"restart nginx\"",
              "10.0",
              "from 급",
              "zzz")) {
        patterns.add(Words.of(words));
      }
      for (String expression :
          List.of(
              "(denied|failed)", "rm.*nginx", "^급여", "ok$", "\\bk\\b", "[가-힣]{3}", "s.s", "x?")) {
        patterns.add(Expression.of(expression));
      }
      for (LinePattern pattern : patterns) {
        LineQuery plain = query(pattern, 100);
        assertThat(found(index, plain, SearchLimits.DEFAULT)).isEqualTo(brute(plain));
        LineQuery filtered =
            new LineQuery(
                pattern,
                Set.of(Name.of("user-1"), Name.of("user-2")),
                Set.of(Name.of("target-1")),
                null,
                Set.of(ChannelKind.SHELL),
                Set.of(Direction.OUTPUT, Direction.SCREEN),
                START.plus(Duration.ofDays(7)),
                START.plus(Duration.ofDays(50)),
                null,
                7);
        assertThat(found(index, filtered, SearchLimits.DEFAULT)).isEqualTo(brute(filtered));
      }
      LineQuery nobody =
          new LineQuery(
              new EveryLine(), Set.of(), null, null, Set.of(), Set.of(), null, null, null, 10);
      assertThat(found(index, nobody, SearchLimits.DEFAULT)).isEmpty();
    }
  }

  @Test
  void aSearchThatMayLookAtFewLinesGoesOnWhereItStopped() throws Exception {
    SearchLimits few =
        new SearchLimits(
            Duration.ofMinutes(1),
            100,
            1,
            Duration.ofSeconds(1),
            4,
            100,
            Duration.ofSeconds(1),
            9,
            Duration.ofSeconds(1),
            8);
    try (LineIndex index = LineIndex.open(folder.resolve("index"), few)) {
      index.add(lines(1_000));
      index.refresh();
      LineQuery query = query(Expression.of("[a-z]{4} [가-힣]{2}$"), 50);
      FoundLines first = new LineSearch(query, few).run(index);
      assertThat(first.partial()).isTrue();
      assertThat(first.next()).isNotNull();
      assertThat(found(index, query, few)).isEqualTo(brute(query));
    }
  }

  @Test
  void timeIsLookedAtAfterEachLineSinceOneCanTakeLong() throws Exception {
    SearchLimits hasty =
        new SearchLimits(
            Duration.ofNanos(1),
            1_000_000,
            1,
            Duration.ofSeconds(1),
            4,
            100,
            Duration.ofSeconds(1),
            9,
            Duration.ofSeconds(1),
            8);
    try (LineIndex index = LineIndex.open(folder.resolve("index"), hasty)) {
      index.add(lines(40));
      index.refresh();
      LineQuery query = query(Expression.of("[a-z]"), 50);
      FoundLines first = new LineSearch(query, hasty).run(index);
      assertThat(first.partial()).isTrue();
      assertThat(first.lines()).hasSizeLessThanOrEqualTo(1);
      assertThat(found(index, query, hasty)).isEqualTo(brute(query));
    }
  }

  @Test
  void afterACrashItIsAsAtTheLastCommitAndTakesNothingTwice() throws Exception {
    List<SearchableLine> lines = lines(600);
    Path place = folder.resolve("index");
    LineIndex index = LineIndex.open(place, SearchLimits.DEFAULT);
    index.add(lines.subList(0, 200));
    index.commit();
    // The position says less than the partitions hold, as after a crash between the two.
    String position = Files.readString(place.resolve("position"));
    index.add(lines.subList(200, 400));
    index.commit();
    index.add(lines.subList(400, 500));
    index.close();
    Files.writeString(place.resolve("position"), position);
    try (LineIndex again = LineIndex.open(place, SearchLimits.DEFAULT)) {
      assertThat(again.last()).isEqualTo(200);
      again.add(lines.subList(200, 600));
      again.refresh();
      LineQuery query = query(new EveryLine(), 1_000);
      assertThat(found(again, query, SearchLimits.DEFAULT)).isEqualTo(brute(query));
    }
  }

  @Test
  void aDroppedSessionIsForgotten() throws Exception {
    try (LineIndex index = LineIndex.open(folder.resolve("index"), SearchLimits.DEFAULT)) {
      index.add(lines(500));
      SessionId gone = all.getFirst().session();
      index.drop(List.of(new DroppedSession(1, gone)));
      index.commit();
      index.refresh();
      all.removeIf(line -> line.session().equals(gone));
      LineQuery query = query(new EveryLine(), 100);
      assertThat(found(index, query, SearchLimits.DEFAULT)).isEqualTo(brute(query));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0 10 0\n", "1 10\n", "1 x 0\n", "1 9999999999999999999 0\n", "\u00ff", ""})
  void anIndexOfAnotherFormatOrWithADamagedPositionIsMadeAnew(String position) throws Exception {
    Path place = folder.resolve("index");
    try (LineIndex index = LineIndex.open(place, SearchLimits.DEFAULT)) {
      index.add(lines(10));
      index.commit();
    }
    Files.writeString(place.resolve("position"), position, StandardCharsets.ISO_8859_1);
    try (LineIndex index = LineIndex.open(place, SearchLimits.DEFAULT)) {
      assertThat(index.last()).isZero();
      assertThat(found(index, query(new EveryLine(), 10), SearchLimits.DEFAULT)).isEmpty();
    }
  }

  @Test
  void aPlaceToGoOnFromIsReadOrRefused() {
    Cursor place = new Cursor(1_795_000_000_000_000L, 42);
    assertThat(Cursor.of(place.toString())).isEqualTo(place);
    for (String wrong : List.of("", "1", "x.1", "1.", "9999999999999999999.1", "1.2.3")) {
      assertThatThrownBy(() -> Cursor.of(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
