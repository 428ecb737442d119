package org.ongsung.console.services;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;

/// A recording of a terminal cut into parts, so that a player can go to any moment of a long one
/// without reading all of it: the *index* (how long it is, where each part begins, where nothing
/// happened) and the *parts* (what stands on the screen when it begins, and the events). The shape
/// is that of asciinema-player's segmented recordings, version 1.
///
/// Both are made by reading the recording from its start, in memory that does not grow with it: one
/// line, and the last [#HISTORY_CHARACTERS] of output. A screen that was drawn with more than that
/// shows its older part only once it is drawn again. Typed input and markers are left out. Blocks.
final class ReplayTimeline {
  /// About how much of the recording one part holds.
  static final int PART_CHARACTERS = 1 << 20;

  /// How much output before a part its screen is drawn with.
  static final int HISTORY_CHARACTERS = 256 << 10;

  /// The most pauses that are shortened, inclusive; later ones stay as long as they were.
  static final int MAX_CUTS = 10_000;

  private static final int BUFFER_BYTES = 64 << 10;
  private static final long MICROS = 1_000_000;

  private final int idleSeconds;
  private final List<Long> starts = new ArrayList<>();
  private final List<long[]> cuts = new ArrayList<>();
  private final Deque<String> history = new ArrayDeque<>();
  private int historyCharacters;
  private int partCharacters;
  private long skipped;
  private long lastOriginal;
  private long last;
  private int lines;
  private int columns = 80;
  private int rows = 24;
  private int firstColumns = 80;
  private int firstRows = 24;

  /// @param idleSeconds how long a pause may at most be; 0 for as long as it was
  private ReplayTimeline(int idleSeconds) {
    this.idleSeconds = idleSeconds;
  }

  /// The index of a recording; closes it.
  ///
  /// @param address where the parts are, relative to the index
  /// @throws HttpProblem 404 when it is not one of a terminal
  static Map<String, Object> index(InputStream recording, int idleSeconds, String address)
      throws IOException {
    ReplayTimeline timeline = new ReplayTimeline(idleSeconds);
    timeline.read(recording, Integer.MAX_VALUE, -1, null);
    List<Map<String, Object>> segments = new ArrayList<>();
    for (int part = 0; part < timeline.starts.size(); part++) {
      String query = "?idle=" + idleSeconds + "&lines=" + timeline.lines;
      segments.add(
          Map.of("start", seconds(timeline.starts.get(part)), "url", address + "/" + part + query));
    }
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("version", 1);
    index.put("duration", seconds(timeline.end()));
    index.put("term", Map.of("cols", timeline.firstColumns, "rows", timeline.firstRows));
    index.put("segments", segments);
    index.put(
        "cuts",
        timeline.cuts.stream().map(cut -> List.of(seconds(cut[0]), seconds(cut[1]))).toList());
    return index;
  }

  /// Writes one part; closes the recording, not `out`.
  ///
  /// @param lines how many lines the recording had when its index was made
  /// @throws HttpProblem 404 when there is no such part
  static void writePart(
      InputStream recording, int idleSeconds, int lines, int part, OutputStream out)
      throws IOException {
    ReplayTimeline timeline = new ReplayTimeline(idleSeconds);
    Writer json =
        new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), BUFFER_BYTES);
    timeline.read(recording, lines, part, json);
    if (part >= timeline.starts.size()) {
      throw HttpProblem.notFound();
    }
    json.flush();
  }

  /// A little after the last event, so that no part begins at the end.
  private long end() {
    return last + 1_000;
  }

  private void read(InputStream recording, int maxLines, int wanted, @Nullable Writer out)
      throws IOException {
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(recording, StandardCharsets.UTF_8), BUFFER_BYTES)) {
      readHeader(text.readLine());
      starts.add(0L);
      Part part = new Part(out, wanted);
      part.begin();
      while (lines < maxLines && part.mayGoOn()) {
        String line = text.readLine();
        if (line == null) {
          break;
        }
        lines++;
        event(line, part);
      }
      part.close();
    }
  }

  private void readHeader(@Nullable String line) {
    if (line == null
        || !(Json.parse(line) instanceof Map<?, ?> header)
        || !header.containsKey("version")) {
      throw new HttpProblem(404, "no-recording", "this channel has no recording to play");
    }
    lines = 1;
    columns = header.get("width") instanceof Number width ? width.intValue() : columns;
    rows = header.get("height") instanceof Number height ? height.intValue() : rows;
    firstColumns = columns;
    firstRows = rows;
  }

  /// Reads `[seconds, "code", "data"]` without taking the data apart.
  private void event(String line, Part part) throws IOException {
    int comma = line.indexOf(',');
    int quote = line.indexOf('"', comma + 1);
    if (comma < 2 || quote < 0 || quote + 2 >= line.length() || line.charAt(0) != '[') {
      return;
    }
    char code = line.charAt(quote + 1);
    long at = shown(micros(line.substring(1, comma)));
    if (code == 'i' || code == 'm') {
      return;
    }
    if (partCharacters >= PART_CHARACTERS && at > last) {
      starts.add(at);
      partCharacters = 0;
      part.next();
    }
    last = Math.max(last, at);
    partCharacters += line.length();
    part.event(last, line.substring(comma));
    if (code == 'o') {
      remember(line.substring(comma));
    } else if (code == 'r') {
      resize(line);
    }
  }

  private long shown(long original) {
    long now = Math.max(original, lastOriginal);
    long pause = now - lastOriginal;
    if (idleSeconds > 0 && pause > idleSeconds * MICROS && cuts.size() < MAX_CUTS) {
      skipped += pause - idleSeconds * MICROS;
      cuts.add(new long[] {now - skipped, skipped});
    }
    lastOriginal = now;
    return now - skipped;
  }

  private static long micros(String seconds) {
    try {
      return Math.round(Double.parseDouble(seconds.strip()) * MICROS);
    } catch (NumberFormatException e) {
      return 0; // no time of ours; it counts as the one before
    }
  }

  private static double seconds(long micros) {
    return micros / (double) MICROS;
  }

  private void remember(String rest) {
    history.addLast(rest);
    historyCharacters += rest.length();
    while (historyCharacters > HISTORY_CHARACTERS && history.size() > 1) {
      historyCharacters -= history.removeFirst().length();
    }
  }

  private void resize(String line) {
    if (Json.parse(line) instanceof List<?> event
        && event.size() == 3
        && String.valueOf(event.get(2)).matches("[1-9][0-9]{0,4}x[1-9][0-9]{0,4}")) {
      String[] size = String.valueOf(event.get(2)).split("x", 2);
      columns = Integer.parseInt(size[0]);
      rows = Integer.parseInt(size[1]);
    }
  }

  private String screen() {
    StringBuilder screen = new StringBuilder();
    for (String rest : history) {
      if (Json.parse("[0" + rest) instanceof List<?> event && event.size() == 3) {
        screen.append(event.get(2));
      }
    }
    return screen.toString();
  }

  /// Writes the wanted part while the recording is read, if there is a wanted one.
  private final class Part {
    private final @Nullable Writer out;
    private final int wanted;
    private int number = -1;
    private boolean any;

    Part(@Nullable Writer out, int wanted) {
      this.out = out;
      this.wanted = wanted;
    }

    void begin() throws IOException {
      number++;
      if (out != null && number == wanted) {
        Map<String, Object> snapshot = Map.of("cols", columns, "rows", rows, "init", screen());
        out.write("{\"snapshot\":" + Json.text(snapshot) + ",\"events\":[");
      }
    }

    void next() throws IOException {
      if (out != null && number == wanted) {
        out.write("]}");
      }
      begin();
    }

    void event(long at, String rest) throws IOException {
      if (out != null && number == wanted) {
        out.write((any ? ",[" : "[") + seconds(at) + rest);
        any = true;
      }
    }

    boolean mayGoOn() {
      return out == null || number <= wanted;
    }

    void close() throws IOException {
      if (out != null && number == wanted) {
        out.write((any ? ",[" : "[") + seconds(end()) + ",\"o\",\"\"]]}");
      }
    }
  }
}
