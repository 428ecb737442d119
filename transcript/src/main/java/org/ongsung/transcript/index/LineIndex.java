package org.ongsung.transcript.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.apache.lucene.search.IndexSearcher;
import org.ongsung.transcript.line.DroppedSession;
import org.ongsung.transcript.line.SearchableLine;

/// The index of all lines: a folder with one [Partition] for each month (UTC) and a file that says
/// its format and how far it is.
///
/// Adding and committing are for one thread; searching is for any. After a crash it is as at the
/// last commit of each partition; the file is written after them and may say less than they hold,
/// never more.
final class LineIndex implements AutoCloseable {
  /// Changes whenever fields or grams do; an index of another one is made anew.
  static final int FORMAT = 1;

  private static final String POSITION = "position";

  private final Path folder;
  private final SearchLimits limits;
  private final NavigableMap<YearMonth, Partition> partitions = new ConcurrentSkipListMap<>();
  private long last;
  private long lastDropped;

  private LineIndex(Path folder, SearchLimits limits) {
    this.folder = folder;
    this.limits = limits;
  }

  /// Opens the index in `folder`, an empty one where there is none of this format.
  static LineIndex open(Path folder, SearchLimits limits) throws IOException {
    LineIndex index = new LineIndex(folder, limits);
    try {
      if (!index.read()) {
        index.begin();
      }
      return index;
    } catch (IOException | RuntimeException e) {
      index.close();
      throw e;
    }
  }

  private boolean read() throws IOException {
    Path file = folder.resolve(POSITION);
    if (!Files.exists(file)) {
      return false;
    }
    String position = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (!position.matches(FORMAT + " [0-9]{1,18} [0-9]{1,18}")) {
      return false; // of another format, or damaged: the lines are in the database
    }
    String[] words = position.split(" ", -1);
    last = Long.parseLong(words[1]);
    lastDropped = Long.parseLong(words[2]);
    try (Stream<Path> months = Files.list(folder)) {
      for (Path month : months.filter(Files::isDirectory).toList()) {
        partitions.put(
            YearMonth.parse(month.getFileName().toString()),
            new Partition(month, limits.bufferMegabytes()));
      }
    } catch (IOException | RuntimeException e) {
      closePartitions();
      throw e;
    }
    return true;
  }

  private void begin() throws IOException {
    delete(folder);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    last = 0;
    lastDropped = 0;
    writePosition();
  }

  /// Empties it.
  void restart() throws IOException {
    closePartitions();
    begin();
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void writePosition() throws IOException {
    Path next = folder.resolve(POSITION + ".next");
    Files.write(
        next, (FORMAT + " " + last + " " + lastDropped + "\n").getBytes(StandardCharsets.UTF_8));
    Path file = folder.resolve(POSITION);
    try {
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// The sequence of the last line that was added.
  long last() {
    return last;
  }

  /// The sequence of the last session that was dropped.
  long lastDropped() {
    return lastDropped;
  }

  /// Says that sessions dropped until now are of no concern, because their lines were never added.
  void skipDropped(long sequence) {
    lastDropped = sequence;
  }

  void add(List<SearchableLine> lines) throws IOException {
    for (SearchableLine line : lines) {
      partition(line.line().at()).add(line);
      last = line.sequence();
    }
  }

  private Partition partition(Instant at) throws IOException {
    YearMonth month = month(at);
    Partition known = partitions.get(month);
    if (known == null) {
      Path place = folder.resolve(month.toString());
      Files.createDirectories(place);
      known = new Partition(place, limits.bufferMegabytes());
      partitions.put(month, known);
    }
    return known;
  }

  static YearMonth month(Instant at) {
    return YearMonth.from(at.atOffset(ZoneOffset.UTC));
  }

  void drop(List<DroppedSession> dropped) throws IOException {
    for (DroppedSession session : dropped) {
      for (Partition partition : partitions.values()) {
        partition.drop(session.session().value());
      }
      lastDropped = session.sequence();
    }
  }

  /// Makes what was added and dropped durable.
  void commit() throws IOException {
    for (Partition partition : partitions.values()) {
      partition.commit(last);
    }
    writePosition();
  }

  /// Lets searches see what was added and dropped.
  void refresh() throws IOException {
    for (Partition partition : partitions.values()) {
      partition.refresh();
    }
  }

  /// A view of the partitions that may hold lines of a time, newest month first. Close it.
  View view(YearMonth first, YearMonth latest) throws IOException {
    View view = new View();
    try {
      Map<YearMonth, Partition> wanted =
          first.isAfter(latest) ? Map.of() : partitions.subMap(first, true, latest, true);
      for (Partition partition : new TreeMap<>(wanted).descendingMap().values()) {
        view.add(partition);
      }
      return view;
    } catch (IOException | RuntimeException e) {
      view.close();
      throw e;
    }
  }

  /// Searchers that are held for one search.
  static final class View implements AutoCloseable {
    private final List<Partition> held = new ArrayList<>();
    private final List<IndexSearcher> searchers = new ArrayList<>();

    private void add(Partition partition) throws IOException {
      searchers.add(partition.acquire());
      held.add(partition);
    }

    List<IndexSearcher> searchers() {
      return searchers;
    }

    @Override
    public void close() {
      try {
        for (int i = 0; i < held.size(); i++) {
          held.get(i).release(searchers.get(i));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void closePartitions() throws IOException {
    for (Partition partition : partitions.values()) {
      partition.close();
    }
    partitions.clear();
  }

  /// Closes; what was not committed is added again after the next opening.
  @Override
  public void close() throws IOException {
    closePartitions();
  }
}
