package org.ongsung.console.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.FoundPage;
import org.ongsung.console.services.LineSearch;
import org.ongsung.console.services.TranscriptReading;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.transcript.index.Cursor;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.TranscriptLine;

/// The search over everything typed and shown, its export, and the transcript of one channel.
public final class SearchApi {
  private static final int DEFAULT_LIMIT = 50;
  private static final int DEFAULT_LINES = 500;
  private static final int MAX_LINES = 1_000;

  private static final String[] FILTERS = {
    "text: words, all of which stand in the line; \"several words\" in quotes are one",
    "regex: true where text is a regular expression (RE2), whatever the case",
    "user: whose sessions; for auditors",
    "group: whose members' sessions",
    "target: on which target",
    "session: of one session",
    "kind: kinds of channels such as shell; several with commas",
    "direction: input, output or screen; several with commas",
    "since: at or after, ISO 8601",
    "until: before, ISO 8601"
  };

  private static final String[] PAGES = {
    "before: next of the page before",
    "context#: lines before and after each, 0 to 10",
    "limit#: 1 to 200"
  };

  private final TranscriptReading transcripts;

  public SearchApi(TranscriptReading transcripts) {
    this.transcripts = transcripts;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "GET",
            "/search",
            Access.USER,
            ApiDoc.of(
                    "Lines that were typed or shown, newest first: one's own sessions', everybody's"
                        + " for auditors.",
                    "",
                    "FoundLines")
                .with(joined(FILTERS, PAGES)),
            this::find)
        .api(
            "GET",
            "/search/export",
            Access.USER,
            ApiDoc.of("All matching lines, newest first, as JSON lines or CSV.", "", "")
                .with(joined(FILTERS, new String[] {"format: jsonl or csv"}))
                .as("application/jsonl"),
            this::export)
        .api(
            "GET",
            "/sessions/{id}/channels/{n}/transcript",
            Access.SESSION_OWNER,
            ApiDoc.of("The lines of a channel, in order.", "", "Transcript")
                .with("from#: the first line's number", "limit#: 1 to 1000"),
            this::lines);
  }

  private static String[] joined(String[] some, String[] more) {
    String[] all = java.util.Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private Reply find(Exchange exchange) {
    FoundPage found =
        transcripts.find(exchange.caller(), search(exchange), exchange.pathAndQuery());
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("lines", found.lines().stream().map(SearchApi::tree).toList());
    Cursor next = found.next();
    answer.put("next", next == null ? null : next.toString());
    answer.put("partial", found.partial());
    return Json.ok(answer);
  }

  private static Map<String, @Nullable Object> tree(FoundPage.Found found) {
    Map<String, @Nullable Object> tree = TranscriptReading.tree(found.line());
    tree.put("offsetMillis", Math.round(found.seconds() * 1_000));
    tree.put("before", trees(found.before()));
    tree.put("after", trees(found.after()));
    return tree;
  }

  private static List<Map<String, @Nullable Object>> trees(List<TranscriptLine> lines) {
    return lines.stream().map(TranscriptReading::tree).toList();
  }

  private Reply export(Exchange exchange) {
    String format = exchange.query().first("format").orElse("jsonl");
    TranscriptReading.Form form =
        switch (format) {
          case "csv" -> TranscriptReading.Form.CSV;
          case "jsonl" -> TranscriptReading.Form.JSONL;
          default -> throw HttpProblem.badRequest("format is jsonl or csv");
        };
    return transcripts.export(exchange.caller(), search(exchange), form, exchange.pathAndQuery());
  }

  private static LineSearch search(Exchange exchange) {
    String text = exchange.query().raw("text");
    if (text.length() > LineSearch.MAX_TEXT_CHARACTERS) {
      throw HttpProblem.badRequest("text: at most 500 characters");
    }
    return new LineSearch(
        text,
        exchange.query().first("regex").map("true"::equals).orElse(false),
        Asked.one(exchange, "user", Name::of),
        Asked.one(exchange, "group", Name::of),
        Asked.one(exchange, "target", Name::of),
        Asked.one(exchange, "session", SessionId::new),
        Asked.several(exchange, "kind", ChannelKind::of),
        Asked.several(exchange, "direction", Direction::of),
        Asked.moment(exchange, "since"),
        Asked.moment(exchange, "until"),
        Asked.one(exchange, "before", Cursor::of),
        Asked.number(exchange, "context", 0, 0, LineSearch.MAX_CONTEXT),
        Asked.number(exchange, "limit", DEFAULT_LIMIT, 1, LineSearch.MAX_LIMIT));
  }

  private Reply lines(Exchange exchange) {
    int limit = Asked.number(exchange, "limit", DEFAULT_LINES, 1, MAX_LINES);
    int from = Asked.number(exchange, "from", 0, 0, Integer.MAX_VALUE);
    List<TranscriptLine> lines =
        transcripts.lines(
            exchange.caller(),
            exchange.sessionVariable("id"),
            exchange.numberVariable("n"),
            from,
            limit);
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("lines", trees(lines));
    answer.put("next", lines.size() == limit ? lines.getLast().number() + 1 : null);
    return Json.ok(answer);
  }
}
