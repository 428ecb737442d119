package org.ongsung.console.services;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.directory.Directory;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.recording.RecordingId;
import org.ongsung.transcript.index.FoundLines;
import org.ongsung.transcript.index.LineFinder;
import org.ongsung.transcript.index.LineQuery;
import org.ongsung.transcript.index.SearchBusyException;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.line.TranscriptLine;
import org.ongsung.transcript.line.TranscriptStore;
import org.ongsung.transcript.query.EveryLine;
import org.ongsung.transcript.query.Expression;
import org.ongsung.transcript.query.LinePattern;
import org.ongsung.transcript.query.UnfitPatternException;
import org.ongsung.transcript.query.Words;

/// Transcripts for readers: searching all that they may read, and the lines of one channel. People
/// see their own sessions, auditors and administrators everybody's; every reading is in the ledger
/// before its first byte goes out.
public final class TranscriptReading {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MAX_MARKS = 50;

  /// How long a page's matches are looked for to be marked.
  private static final Duration MARKING = Duration.ofMillis(500);

  private static final int EXPORT_PAGE = 1_000;
  private static final int BUSY_TRIES = 30;
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final TranscriptStore store;
  private final LineFinder finder;
  private final SessionReading sessions;
  private final Directory directory;
  private final Ledger ledger;
  private final StreamPlaces places;
  private final InstantSource clock;

  public TranscriptReading(ConsoleServices services, SessionReading sessions, StreamPlaces places) {
    this.store = services.transcripts();
    this.finder = services.lines();
    this.sessions = sessions;
    this.directory = services.directory();
    this.ledger = services.ledger();
    this.places = places;
    this.clock = services.clock();
  }

  /// The form of an export.
  public enum Form {
    /// RFC 4180 with a header, in UTF-8 with a byte order mark, as spreadsheets want it.
    CSV,
    /// A JSON object a line.
    JSONL
  }

  /// Finds lines that `caller` may read.
  ///
  /// @param asked the request as the ledger keeps it
  /// @throws HttpProblem 422 when the text is no expression, 503 when too many search
  public FoundPage find(Caller caller, LineSearch search, String asked) {
    LinePattern pattern = pattern(search);
    LineQuery query = query(caller, search, pattern, search.limit());
    tell(AuditCode.TRANSCRIPT_SEARCHED, caller, asked);
    FoundLines found;
    try {
      found = finder.find(query);
    } catch (SearchBusyException e) {
      throw busy(e);
    }
    Map<RecordingId, Optional<SessionChannel>> channels = new HashMap<>();
    List<FoundPage.Found> lines = new ArrayList<>();
    long marking = System.nanoTime() + MARKING.toNanos();
    for (SearchableLine line : found.lines()) {
      List<int[]> marks = pattern.marks(line.line().text(), MAX_MARKS, marking);
      lines.add(around(line, marks, search.context(), channels));
    }
    return new FoundPage(lines, found.next(), found.partial());
  }

  private FoundPage.Found around(
      SearchableLine line,
      List<int[]> marks,
      int context,
      Map<RecordingId, Optional<SessionChannel>> known) {
    double seconds =
        known
            .computeIfAbsent(
                new RecordingId(line.session(), line.channel()),
                one -> sessions.findChannel(one.session(), one.channel()))
            .map(channel -> Duration.between(channel.openedAt(), line.line().at()))
            .map(time -> Math.max(0, time.toMillis()) / 1_000.0)
            .orElse(0.0);
    long number = line.line().number();
    List<TranscriptLine> near = List.of();
    if (context > 0) {
      near =
          store.lines(
              line.session(), line.channel(), Math.max(0, number - context), 2 * context + 1);
    }
    return new FoundPage.Found(
        line,
        seconds,
        marks,
        near.stream().filter(other -> other.number() < number).toList(),
        near.stream()
            .filter(other -> other.number() > number && other.number() <= number + context)
            .toList());
  }

  private static LinePattern pattern(LineSearch search) {
    if (search.text().isBlank()) {
      return new EveryLine();
    }
    try {
      return search.regex() ? Expression.of(search.text()) : Words.of(search.text());
    } catch (UnfitPatternException e) {
      throw new HttpProblem(422, "pattern-" + e.code(), String.valueOf(e.getMessage()));
    }
  }

  private LineQuery query(Caller caller, LineSearch search, LinePattern pattern, int limit) {
    return new LineQuery(
        pattern,
        users(caller, search),
        search.target() == null ? null : Set.of(search.target()),
        search.session(),
        search.kinds(),
        search.directions(),
        search.since(),
        search.until(),
        search.before(),
        limit);
  }

  /// Whose sessions are searched: what was asked for, within what the caller may read.
  private @Nullable Set<Name> users(Caller caller, LineSearch search) {
    @Nullable Set<Name> users = search.user() == null ? null : Set.of(search.user());
    if (search.group() != null) {
      Set<Name> members =
          directory.snapshot().members(search.group()).stream()
              .map(user -> user.name())
              .collect(Collectors.toSet());
      users = users == null ? members : both(users, members);
    }
    if (caller.isAuditor()) {
      return users;
    }
    Set<Name> own = caller.userName().map(Set::of).orElse(Set.of());
    return users == null ? own : both(users, own);
  }

  private static Set<Name> both(Set<Name> one, Set<Name> other) {
    return one.stream().filter(other::contains).collect(Collectors.toSet());
  }

  private static HttpProblem busy(SearchBusyException e) {
    return HttpProblem.busy(503, "search-busy", e.getMessage() + "; try again shortly", RETRY);
  }

  /// Everything that matches, newest first, written as it is found; in memory is one page at a
  /// time.
  public Reply export(Caller caller, LineSearch search, Form form, String asked) {
    LineQuery query = query(caller, search, pattern(search), EXPORT_PAGE);
    tell(AuditCode.TRANSCRIPT_EXPORTED, caller, asked);
    String type = form == Form.CSV ? "text/csv; charset=utf-8" : "application/jsonl";
    String name = form == Form.CSV ? "ongsung-lines.csv" : "ongsung-lines.jsonl";
    return Reply.stream(type, places.holding(out -> write(query, form, out)))
        .with("Content-Disposition", "attachment; filename=\"" + name + "\"");
  }

  private void write(LineQuery query, Form form, OutputStream out)
      throws IOException, InterruptedException {
    BufferedOutputStream lines = new BufferedOutputStream(out, BUFFER_BYTES);
    if (form == Form.CSV) {
      lines.write(CsvLine.HEADER.getBytes(StandardCharsets.UTF_8));
    }
    FoundLines page = patiently(query);
    while (true) {
      for (SearchableLine line : page.lines()) {
        if (form == Form.CSV) {
          lines.write(CsvLine.of(line).getBytes(StandardCharsets.UTF_8));
        } else {
          lines.write(Json.write(tree(line)));
          lines.write('\n');
        }
      }
      if (page.next() == null) {
        break;
      }
      page = patiently(query.before(page.next(), EXPORT_PAGE));
    }
    lines.flush();
  }

  /// An export that has begun waits for its turn rather than break off.
  private FoundLines patiently(LineQuery query) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return finder.find(query);
      } catch (SearchBusyException e) {
        if (attempt == BUSY_TRIES) {
          throw busy(e);
        }
        Thread.sleep(1_000);
      }
    }
  }

  /// Lines of a channel from `number` on, in order; in the ledger as a reading of its recording.
  ///
  /// @throws HttpProblem 404 when there is no such channel
  public List<TranscriptLine> lines(
      Caller caller, SessionId session, int channel, long number, int limit) {
    sessions.tellRead(caller, session, channel);
    return store.lines(session, channel, number, limit);
  }

  /// A line as JSON shows it.
  public static Map<String, @Nullable Object> tree(SearchableLine line) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("session", line.session().value());
    tree.put("channel", line.channel());
    tree.put("kind", line.kind().text());
    tree.put("user", line.user().value());
    tree.put("target", line.target().value());
    tree.putAll(tree(line.line()));
    return tree;
  }

  /// The part of it that is the line's own.
  public static Map<String, @Nullable Object> tree(TranscriptLine line) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("number", line.number());
    tree.put("at", line.at().toString());
    tree.put("direction", line.direction().text());
    tree.put("prompt", line.prompt());
    tree.put("text", line.text());
    return tree;
  }

  private void tell(AuditCode code, Caller caller, String asked) {
    ledger.append(
        new AuditEvent(
            clock.instant(),
            code,
            caller.name(),
            caller.sourceText(),
            null,
            "transcripts",
            Map.of("query", asked)));
  }
}
