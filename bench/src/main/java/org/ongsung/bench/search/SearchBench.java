package org.ongsung.bench.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.store.Database;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.testkit.TemporaryPostgres;
import org.ongsung.transcript.index.FoundLines;
import org.ongsung.transcript.index.SearchBusyException;
import org.ongsung.transcript.index.SearchLimits;
import org.ongsung.transcript.index.TranscriptSearch;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.line.TranscriptLine;

/// Writes, indexes and searches made lines. See `bench/search`.
public final class SearchBench {
  private static final int BATCH = 1_000;
  private static final String SIZE = "pg_total_relation_size('transcript_lines')";

  private final long lines;
  private final int rounds;
  private final Path folder = Files.createTempDirectory("ongsung-bench");

  private SearchBench(long lines, int rounds) throws IOException {
    this.lines = lines;
    this.rounds = rounds;
  }

  /// Prints tables; ends with an error when a result is wrong.
  ///
  /// @param arguments `--lines N`, `--rounds N`
  public static void main(String[] arguments) throws Exception {
    long lines = 10_000_000;
    int rounds = 200;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--lines" -> lines = Long.parseLong(arguments[i + 1]);
        case "--rounds" -> rounds = Integer.parseInt(arguments[i + 1]);
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    if (lines < 1 || rounds < 1 || arguments.length % 2 != 0) {
      throw new IllegalArgumentException("numbers are 1 or more, each behind its option");
    }
    new SearchBench(lines, rounds).run();
  }

  private void run() throws Exception {
    try (TemporaryPostgres postgres = TemporaryPostgres.start(true)) {
      TemporaryPostgres.Database made = postgres.newDatabase();
      DatabaseConfig config =
          new DatabaseConfig.Postgres(made.url(), made.user(), made.password(), 4);
      try (Database database = Database.open(config)) {
        database.migrate();
        System.out.println("| what | figure |\n|---|---|");
        write(database);
        try (TranscriptSearch search =
            new TranscriptSearch(
                folder.resolve("index"), database.transcripts(), SearchLimits.DEFAULT)) {
          index(search);
          row(
              "PostgreSQL on disk, bytes a line",
              Double.parseDouble(postgres.sql(made.name(), "select " + SIZE)) / lines);
          ask(search);
        }
      }
    } finally {
      delete();
    }
  }

  private static void row(String what, double figure) {
    System.out.printf(Locale.ROOT, "| %s | %,.0f |%n", what, figure);
  }

  private void write(Database database) {
    long nanos = 0;
    long written = 0;
    for (int number = 0; number < MadeLines.sessions(lines); number++) {
      Session session = MadeLines.session(number);
      List<TranscriptLine> all = MadeLines.lines(session, number, count(number));
      database.sessions().start(session);
      database
          .sessions()
          .openChannel(
              new SessionChannel(
                  session.id(), 0, ChannelKind.SHELL, "", session.startedAt(), null));
      long began = System.nanoTime();
      for (int at = 0; at < all.size(); at += BATCH) {
        boolean _ =
            database
                .transcripts()
                .append(
                    session.id(), 0, all.subList(at, Math.min(all.size(), at + BATCH)), 0, false);
      }
      nanos += System.nanoTime() - began;
      written += all.size();
    }
    row("lines", (double) written);
    row("durable into PostgreSQL, lines/s (floor 5,000)", written / (nanos / 1e9));
  }

  private int count(int session) {
    return (int)
        Math.min(MadeLines.LINES_A_SESSION, lines - (long) session * MadeLines.LINES_A_SESSION);
  }

  private void index(TranscriptSearch search) throws Exception {
    long began = System.nanoTime();
    search.start();
    while (search.indexed() < lines) {
      Thread.sleep(50);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    row("from PostgreSQL into the index, lines/s (floor 20,000)", lines / seconds);
    Thread.sleep(SearchLimits.DEFAULT.commit().toMillis() + 5_000);
    row("index on disk, bytes a line", (double) size() / lines);
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    row("heap in use, MiB", (runtime.totalMemory() - runtime.freeMemory()) / 1048576.0);
  }

  private long size() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(SearchBench::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Question> questions() {
    Map<String, List<String>> words = new LinkedHashMap<>();
    words.put("one syllable", List.of("급", "옹", "쀍", "니", "백"));
    words.put("three syllables", List.of("명세서", "호스트", "게이트", "문루", "니다", "저장소"));
    words.put("word", List.of("systemctl", "denied", "payroll", "xylophone", "SYN", "backup-777"));
    words.put("several words", List.of("ERROR payroll failed", "급여 nginx", "rm -rf storage"));
    Map<String, List<String>> expressions = new LinkedHashMap<>();
    expressions.put(
        "expression with a literal part",
        List.of(
            "(denied|failed)",
            ">>>.*sh.*run",
            "payroll.*[0-9]{5} ms",
            "급여 명세서 7\\d+건",
            "port 4[0-9]{3}\\b",
            "xylo\\w+-[0-9a-f]{4}"));
    expressions.put(
        "expression without one",
        List.of("[0-9]{5}[a-z]{4}", "^[^a-z0-9가-힣]$", "\\d+ \\d+ \\d+ q"));
    List<Question> questions = new ArrayList<>();
    for (int day : new int[] {-1, 45}) {
      String when = day < 0 ? ", all time" : ", one day";
      words.forEach(
          (sort, texts) ->
              texts.forEach(text -> questions.add(new Question(sort + when, text, false, day))));
      expressions.forEach(
          (sort, texts) ->
              texts.forEach(text -> questions.add(new Question(sort + when, text, true, day))));
    }
    return questions;
  }

  private void ask(TranscriptSearch search) throws Exception {
    List<Question> questions = questions();
    Map<Question, FoundLines> answers = new LinkedHashMap<>();
    Map<String, List<Double>> times = new LinkedHashMap<>();
    Map<String, Integer> partial = new LinkedHashMap<>();
    for (Question question : questions) {
      answers.put(question, toTheEnd(search, question));
      boolean slow = question.sort().contains("without");
      for (int round = 0; round < (slow ? Math.max(1, rounds / 40) : rounds / 5 + 1); round++) {
        long began = System.nanoTime();
        FoundLines found = find(search, question);
        times
            .computeIfAbsent(question.sort(), _ -> new ArrayList<>())
            .add((System.nanoTime() - began) / 1e6);
        partial.merge(question.sort(), found.partial() ? 1 : 0, Integer::sum);
      }
    }
    System.out.println(
        """

        | newest 50 | p50 ms | p95 ms | most ms | stopped with *continue older* |
        |---|---|---|---|---|\
        """);
    times.forEach(
        (sort, all) -> {
          double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
          System.out.printf(
              Locale.ROOT,
              "| %s | %.1f | %.1f | %.1f | %d of %d |%n",
              sort,
              sorted[sorted.length / 2],
              sorted[Math.min(sorted.length - 1, sorted.length * 95 / 100)],
              sorted[sorted.length - 1],
              partial.getOrDefault(sort, 0),
              sorted.length);
        });
    check(answers);
  }

  private static FoundLines find(TranscriptSearch search, Question question)
      throws SearchBusyException {
    return search.find(question.query(null));
  }

  /// The newest of all, however often its time is up.
  private static FoundLines toTheEnd(TranscriptSearch search, Question question)
      throws SearchBusyException {
    List<SearchableLine> all = new ArrayList<>();
    FoundLines page = find(search, question);
    all.addAll(page.lines());
    while (page.partial() && all.size() < Question.LIMIT) {
      page = search.find(question.query(page.next()));
      all.addAll(page.lines());
    }
    return new FoundLines(all.subList(0, Math.min(all.size(), Question.LIMIT)), null, false);
  }

  /// A line's place among all: by time, then by when it was written.
  private record Place(Instant at, long sequence) {}

  /// Looks at every line for every question.
  private void check(Map<Question, FoundLines> answers) {
    List<Question> questions = List.copyOf(answers.keySet());
    List<FoundLines> given = List.copyOf(answers.values());
    List<Predicate<String>> decide = questions.stream().map(Question::plainly).toList();
    Comparator<Place> oldestFirst =
        Comparator.comparing(Place::at).thenComparingLong(Place::sequence);
    List<PriorityQueue<Place>> newest = new ArrayList<>();
    questions.forEach(_ -> newest.add(new PriorityQueue<>(oldestFirst)));
    long sequence = 0;
    for (int number = 0; number < MadeLines.sessions(lines); number++) {
      for (TranscriptLine line :
          MadeLines.lines(MadeLines.session(number), number, count(number))) {
        Place place = new Place(line.at(), ++sequence);
        for (int i = 0; i < questions.size(); i++) {
          PriorityQueue<Place> kept = newest.get(i);
          boolean late =
              kept.size() < Question.LIMIT || oldestFirst.compare(place, kept.peek()) > 0;
          if (late && isWithin(questions.get(i), line) && decide.get(i).test(line.text())) {
            kept.add(place);
            if (kept.size() > Question.LIMIT) {
              kept.remove();
            }
          }
        }
      }
    }
    int wrong = 0;
    for (int i = 0; i < questions.size(); i++) {
      wrong += isRight(given.get(i), newest.get(i), oldestFirst) ? 0 : 1;
    }
    System.out.printf(
        "%n%d of %d result sets are those of the scan.%n",
        questions.size() - wrong, questions.size());
    if (wrong > 0) {
      throw new IllegalStateException(wrong + " result sets are wrong");
    }
  }

  private static boolean isWithin(Question question, TranscriptLine line) {
    Instant since = question.since();
    Instant until = question.until();
    return (since == null || !line.at().isBefore(since))
        && (until == null || line.at().isBefore(until));
  }

  private static boolean isRight(
      FoundLines answer, PriorityQueue<Place> kept, Comparator<Place> oldestFirst) {
    return answer.lines().stream()
        .map(line -> new Place(line.line().at(), line.sequence()))
        .toList()
        .equals(kept.stream().sorted(oldestFirst.reversed()).toList());
  }

  private void delete() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
