package org.ongsung.console.page;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.CommandOutput;
import org.ongsung.console.services.Holds;
import org.ongsung.console.services.SessionReading;
import org.ongsung.directory.Directory;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.recording.SessionQuery;

/// Sessions: the list with its filters, one session, its channels with replay and live view, and
/// its termination.
public final class SessionPages {
  private static final int PAGE = 50;
  private static final int FILES_PAGE = 200;
  private static final int CHANNELS_PAGE = 100;

  private final Pages pages;
  private final SessionReading reading;
  private final Holds holds;
  private final Directory directory;

  public SessionPages(Pages pages, SessionReading reading, Holds holds, Directory directory) {
    this.pages = pages;
    this.reading = reading;
    this.holds = holds;
    this.directory = directory;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/sessions", Access.USER, this::list)
        .page("/sessions/{id}", Access.SESSION_OWNER, exchange -> one(exchange, 200, ""))
        .form("/sessions/{id}/terminate", Access.ADMIN, this::terminate)
        .form("/sessions/{id}/hold", Access.AUDITOR, exchange -> keep(exchange, holds::hold))
        .form("/sessions/{id}/release", Access.AUDITOR, exchange -> keep(exchange, holds::release))
        .playerPage("/sessions/{id}/channels/{n}", Access.SESSION_OWNER, this::channel);
  }

  private Reply list(Exchange exchange) {
    Page page = pages.page(exchange);
    SessionFilter filter = SessionFilter.of(exchange);
    List<Session> found = List.of();
    try {
      SessionQuery query = filter.query(onlyOf(exchange.caller()), page.shapes().zone(), PAGE + 1);
      found = reading.find(query);
    } catch (SessionFilter.UnreadableFilterException e) {
      filter = e.filter();
    }
    boolean more = found.size() > PAGE;
    List<Session> shown = more ? found.subList(0, PAGE) : found;
    String next = more ? nextPage(exchange, shown.getLast().id().value()) : "";
    return pages.show(
        200,
        page,
        "sessions",
        Map.of("filter", filter, "sessions", List.copyOf(shown), "nextPage", next));
  }

  /// Whose sessions `caller` may see: their own, or everybody's.
  static @Nullable Name onlyOf(Caller caller) {
    return caller.isAuditor() ? null : caller.userName().orElseThrow();
  }

  /// The address of the page after this one: the same question, further back.
  static String nextPage(Exchange exchange, String before) {
    return exchange.path() + "?before=" + before + queryOf(exchange);
  }

  /// The filters of a request again, each behind `&`, without the place in the pages.
  static String queryOf(Exchange exchange) {
    StringBuilder query = new StringBuilder();
    for (String name : exchange.query().names()) {
      if (!name.equals("before") && exchange.query().first(name).isPresent()) {
        query
            .append('&')
            .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
            .append('=')
            .append(URLEncoder.encode(exchange.query().raw(name), StandardCharsets.UTF_8));
      }
    }
    return query.toString();
  }

  private Reply one(Exchange exchange, int status, String problem) {
    SessionId id = exchange.sessionVariable("id");
    Session session = reading.session(id);
    long offset = from(exchange, "files");
    List<FileOperation> files = reading.files(id, offset, FILES_PAGE + 1);
    boolean more = files.size() > FILES_PAGE;
    int first = (int) Math.min(Integer.MAX_VALUE, from(exchange, "channels"));
    List<SessionChannel> channels = reading.channels(id, first, CHANNELS_PAGE + 1);
    boolean moreChannels = channels.size() > CHANNELS_PAGE;
    String here = "/sessions/" + id + "?channels=";
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("one", session);
    model.put("channels", channels.subList(0, Math.min(CHANNELS_PAGE, channels.size())));
    model.put(
        "nextChannels",
        moreChannels ? here + channels.getLast().number() + "&files=" + offset : "");
    model.put("files", more ? List.copyOf(files.subList(0, FILES_PAGE)) : files);
    model.put("nextFiles", more ? here + first + "&files=" + (offset + FILES_PAGE) : "");
    model.put("canEnd", exchange.caller().isAdmin() && reading.isLive(id));
    model.put("problem", problem);
    model.put("retention", holds.of(id));
    model.put("grant", directory.snapshot().grant(session.grant()));
    return pages.show(status, pages.page(exchange), "session", model);
  }

  /// Where a list of the page begins.
  private static long from(Exchange exchange, String list) {
    String from = exchange.query().first(list).orElse("0");
    return from.matches("[0-9]{1,12}") ? Long.parseLong(from) : 0;
  }

  private Reply terminate(Exchange exchange) throws IOException {
    SessionId id = exchange.sessionVariable("id");
    try {
      reading.terminate(exchange.caller(), id, exchange.form().first("reason"));
    } catch (HttpProblem e) {
      if (e.status() == 404) {
        throw e;
      }
      return one(exchange, e.status(), "session." + e.code());
    }
    return Reply.seeOther("/sessions/" + id);
  }

  /// Sets or lifts a hold.
  private interface Keeping {
    void change(Caller caller, SessionId id, Optional<String> reason);
  }

  private Reply keep(Exchange exchange, Keeping keeping) throws IOException {
    SessionId id = exchange.sessionVariable("id");
    try {
      keeping.change(exchange.caller(), id, exchange.form().first("reason"));
    } catch (HttpProblem e) {
      if (e.status() == 404) {
        throw e;
      }
      return one(exchange, e.status(), "session." + e.code());
    }
    return Reply.seeOther("/sessions/" + id);
  }

  private Reply channel(Exchange exchange) throws IOException {
    SessionId id = exchange.sessionVariable("id");
    SessionChannel channel = reading.channel(id, exchange.numberVariable("n"));
    boolean purged = holds.of(id).purge() != null;
    Optional<CommandOutput> output =
        channel.kind() == ChannelKind.EXEC && !purged
            ? output(exchange.caller(), id, channel.number())
            : Optional.empty();
    boolean terminal =
        (channel.kind() == ChannelKind.SHELL && !purged)
            || output.filter(CommandOutput::terminal).isPresent();
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("one", reading.session(id));
    model.put("channel", channel);
    model.put("channels", reading.channelsAround(id, channel.number()));
    model.put("terminal", terminal);
    model.put("live", terminal && channel.end() == null && reading.isLive(id));
    model.put("output", output.filter(found -> !found.terminal()));
    model.put("purged", purged);
    return pages.show(exchange, "channel", model);
  }

  private Optional<CommandOutput> output(Caller caller, SessionId id, int number)
      throws IOException {
    try {
      return Optional.of(reading.output(caller, id, number));
    } catch (HttpProblem e) {
      if (e.code().equals("no-recording")) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
