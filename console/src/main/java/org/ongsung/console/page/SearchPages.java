package org.ongsung.console.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.FoundPage;
import org.ongsung.console.services.LineSearch;
import org.ongsung.console.services.SessionReading;
import org.ongsung.console.services.TranscriptReading;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.TranscriptLine;

/// The search over everything typed and shown, its exports, and the transcript of a session.
public final class SearchPages {
  private static final int LINES = 500;

  private final Pages pages;
  private final TranscriptReading transcripts;
  private final SessionReading sessions;

  public SearchPages(Pages pages, TranscriptReading transcripts, SessionReading sessions) {
    this.pages = pages;
    this.transcripts = transcripts;
    this.sessions = sessions;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/search", Access.USER, this::search)
        .page("/search/export", Access.USER, this::export)
        .page("/sessions/{id}/transcript", Access.SESSION_OWNER, this::transcript);
  }

  /// A result as the page shows it.
  ///
  /// @param address of the replay at that moment, or of the channel where nothing is played
  public record Result(FoundPage.Found found, MarkedText text, String address) {}

  private Reply search(Exchange exchange) {
    Page page = pages.page(exchange);
    SearchForm form = SearchForm.of(exchange.query());
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("form", form);
    model.put("results", List.of());
    model.put("problem", "");
    model.put("next", "");
    model.put("partial", false);
    model.put("exportQuery", SessionPages.queryOf(exchange));
    int status = 200;
    if (!form.isEmpty()) {
      Optional<LineSearch> asked = form.search(page.shapes().zone());
      if (asked.isEmpty()) {
        model.put("problem", "filter.unreadable");
      } else {
        status = find(exchange, asked.get(), model);
      }
    }
    return pages.show(status, page, "search", model);
  }

  private int find(Exchange exchange, LineSearch asked, Map<String, Object> model) {
    FoundPage found;
    try {
      found = transcripts.find(exchange.caller(), asked, exchange.pathAndQuery());
    } catch (HttpProblem e) {
      if (e.status() != 422 && e.status() != 503) {
        throw e;
      }
      model.put("problem", "search." + e.code());
      return e.status();
    }
    List<Result> results = new ArrayList<>();
    for (FoundPage.Found line : found.lines()) {
      results.add(
          new Result(line, MarkedText.of(line.line().line().text(), line.marks()), address(line)));
    }
    model.put("results", results);
    model.put("partial", found.partial());
    model.put(
        "next",
        found.next() == null ? "" : SessionPages.nextPage(exchange, found.next().toString()));
    return 200;
  }

  private static String address(FoundPage.Found found) {
    String channel = "/sessions/" + found.line().session() + "/channels/" + found.line().channel();
    return found.line().kind() == ChannelKind.SHELL || found.line().kind() == ChannelKind.EXEC
        ? channel + String.format(Locale.ROOT, "#t=%.3f", found.seconds())
        : channel;
  }

  private Reply export(Exchange exchange) {
    Page page = pages.page(exchange);
    LineSearch asked =
        SearchForm.of(exchange.query())
            .search(page.shapes().zone())
            .orElseThrow(() -> HttpProblem.badRequest("a filter cannot be read"));
    boolean csv = exchange.query().first("format").map("csv"::equals).orElse(true);
    return transcripts.export(
        exchange.caller(),
        asked,
        csv ? TranscriptReading.Form.CSV : TranscriptReading.Form.JSONL,
        exchange.pathAndQuery());
  }

  /// A line of a transcript as the page shows it.
  ///
  /// @param seconds where it stands in the recording
  public record Shown(TranscriptLine line, String seconds) {}

  private Reply transcript(Exchange exchange) {
    SessionId id = exchange.sessionVariable("id");
    SessionChannel channel = channel(id, exchange.query().first("channel").orElse(""));
    String show = exchange.query().first("show").orElse("full");
    String from = exchange.query().first("from").orElse("0");
    if (!from.matches("[0-9]{1,12}") || !List.of("client", "server", "full").contains(show)) {
      throw HttpProblem.badRequest("show is client, server or full, from a number");
    }
    List<TranscriptLine> lines =
        transcripts.lines(exchange.caller(), id, channel.number(), Long.parseLong(from), LINES);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("one", sessions.session(id));
    model.put("channel", channel);
    model.put("channels", sessions.channelsAround(id, channel.number()));
    model.put("show", show);
    model.put(
        "lines",
        lines.stream()
            .filter(line -> isShown(show, line.direction()))
            .map(line -> new Shown(line, seconds(channel, line)))
            .toList());
    model.put(
        "next",
        lines.size() < LINES
            ? ""
            : "/sessions/%s/transcript?channel=%d&show=%s&from=%d"
                .formatted(id, channel.number(), show, lines.getLast().number() + 1));
    return pages.show(200, pages.page(exchange), "transcript", model);
  }

  /// The one that is wanted, or the first.
  private SessionChannel channel(SessionId id, String wanted) {
    if (wanted.isEmpty()) {
      return sessions.channels(id, 0, 1).stream().findFirst().orElseThrow(HttpProblem::notFound);
    }
    if (!wanted.matches("[0-9]{1,9}")) {
      throw HttpProblem.notFound();
    }
    return sessions.channel(id, Integer.parseInt(wanted));
  }

  private static boolean isShown(String show, Direction direction) {
    return switch (show) {
      case "client" -> direction == Direction.INPUT;
      case "server" -> direction != Direction.INPUT;
      default -> true;
    };
  }

  private static String seconds(SessionChannel channel, TranscriptLine line) {
    double seconds =
        Math.max(0, Duration.between(channel.openedAt(), line.at()).toMillis()) / 1_000.0;
    return String.format(Locale.ROOT, "%.3f", seconds);
  }
}
