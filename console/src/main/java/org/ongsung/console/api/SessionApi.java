package org.ongsung.console.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.Holds;
import org.ongsung.console.services.LiveView;
import org.ongsung.console.services.SessionReading;
import org.ongsung.console.services.StreamPlaces;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.recording.SessionQuery;

/// Sessions: list, one, its recordings, live view, termination.
public final class SessionApi {
  private static final int DEFAULT_LIMIT = 50;
  private static final int CHANNELS_PAGE = 500;
  private static final int FILES_PAGE = 500;
  private static final int LONGEST_IDLE_SECONDS = 3_600;
  private static final String IDLE =
      "idle#: the longest pause in seconds; 0 leaves all as they were";

  private final SessionReading reading;
  private final Holds holds;
  private final LiveView liveView;
  private final StreamPlaces places;

  public SessionApi(SessionReading reading, Holds holds, LiveView liveView, StreamPlaces places) {
    this.places = places;
    this.holds = holds;
    this.reading = reading;
    this.liveView = liveView;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "GET",
            "/sessions",
            Access.USER,
            ApiDoc.of("Sessions, newest first; one's own, or all for auditors.", "", "Sessions")
                .with(
                    "user: a user's name",
                    "target: a target's name",
                    "state: live, ended, terminated, interrupted, failed; several with commas",
                    "kind: a channel kind; several with commas",
                    "since: started at or after, ISO 8601",
                    "until: started before, ISO 8601",
                    "text: a part of user, target, account, source or command",
                    "before: the last id of the page before",
                    "limit#: 1 to 1000"),
            this::list)
        .api(
            "GET",
            "/sessions/{id}",
            Access.SESSION_OWNER,
            ApiDoc.of("One session with its channels and file operations.", "", "SessionDetail")
                .with(
                    "filesOffset#: where the page of file operations begins",
                    "channelsFrom#: the first channel of the page of channels"),
            this::one)
        .api(
            "POST",
            "/sessions/{id}/terminate",
            Access.ADMIN,
            ApiDoc.of("End a live session; the person reads the reason.", "Reason", ""),
            this::terminate)
        .api(
            "POST",
            "/sessions/{id}/hold",
            Access.AUDITOR,
            ApiDoc.of("Hold a session: nothing deletes its recordings.", "Reason", ""),
            exchange -> {
              holds.hold(exchange.caller(), exchange.sessionVariable("id"), reason(exchange));
              return Reply.noContent();
            })
        .api(
            "POST",
            "/sessions/{id}/release",
            Access.AUDITOR,
            ApiDoc.of("Lift a session's hold.", "Reason", ""),
            exchange -> {
              holds.release(exchange.caller(), exchange.sessionVariable("id"), reason(exchange));
              return Reply.noContent();
            })
        .api(
            "GET",
            "/sessions/{id}/channels/{n}/recording",
            Access.SESSION_OWNER,
            ApiDoc.of(
                    "A channel's recording: asciicast v2 of a terminal, JSON lines of a command.",
                    "",
                    "")
                .as("application/x-asciicast"),
            this::recording)
        .api(
            "GET",
            "/sessions/{id}/channels/{n}/timeline",
            Access.SESSION_OWNER,
            ApiDoc.of(
                    "Where the parts of a terminal's recording begin, for players that seek.",
                    "",
                    "Timeline")
                .with(IDLE),
            this::timeline)
        .api(
            "GET",
            "/sessions/{id}/channels/{n}/timeline/{part}",
            Access.SESSION_OWNER,
            ApiDoc.of("One part: the screen when it begins, and its events.", "", "TimelinePart")
                .with(IDLE, "lines#: as the timeline says"),
            this::part)
        .api(
            "GET",
            "/sessions/{id}/channels/{n}/live",
            Access.SESSION_OWNER,
            ApiDoc.of("Watch a channel's recording grow, as server-sent events.", "", "")
                .as("text/event-stream"),
            exchange ->
                liveView.watch(
                    exchange, exchange.sessionVariable("id"), exchange.numberVariable("n")));
  }

  private Reply list(Exchange exchange) {
    Caller caller = exchange.caller();
    @Nullable Name asked = Asked.one(exchange, "user", Name::of);
    int limit = Asked.number(exchange, "limit", DEFAULT_LIMIT, 1, SessionQuery.MAX_LIMIT);
    List<Session> found =
        reading.find(
            new SessionQuery(
                caller.isAuditor() ? asked : caller.userName().orElseThrow(),
                Asked.one(exchange, "target", Name::of),
                Asked.several(exchange, "state", SessionState::of),
                Asked.several(exchange, "kind", ChannelKind::of),
                Asked.moment(exchange, "since"),
                Asked.moment(exchange, "until"),
                Asked.one(exchange, "text", SessionApi::bounded),
                Asked.one(exchange, "before", SessionId::new),
                limit));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("sessions", found.stream().map(Trees::of).toList());
    answer.put("before", found.size() == limit ? found.getLast().id().value() : null);
    return Json.ok(answer);
  }

  static String bounded(String text) {
    if (text.length() > SessionQuery.MAX_TEXT_CHARACTERS) {
      throw new IllegalArgumentException("at most 200 characters");
    }
    return text;
  }

  private Reply one(Exchange exchange) {
    SessionId id = exchange.sessionVariable("id");
    int offset = Asked.number(exchange, "filesOffset", 0, 0, Integer.MAX_VALUE);
    List<FileOperation> files = reading.files(id, offset, FILES_PAGE);
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("session", Trees.of(reading.session(id)));
    int from = Asked.number(exchange, "channelsFrom", 0, 0, Integer.MAX_VALUE);
    List<SessionChannel> channels = reading.channels(id, from, CHANNELS_PAGE);
    boolean more = channels.size() == CHANNELS_PAGE;
    answer.put("channels", channels.stream().map(Trees::of).toList());
    answer.put("channelsFrom", more ? channels.getLast().number() + 1 : null);
    answer.put("files", files.stream().map(Trees::of).toList());
    answer.put("retention", Trees.of(holds.of(id)));
    answer.put("filesOffset", files.size() == FILES_PAGE ? offset + FILES_PAGE : null);
    return Json.ok(answer);
  }

  private Reply terminate(Exchange exchange) throws IOException {
    reading.terminate(exchange.caller(), exchange.sessionVariable("id"), reason(exchange));
    return Reply.noContent();
  }

  private static Optional<String> reason(Exchange exchange) throws IOException {
    return Asked.optionalText(exchange.json(), "reason")
        .map(String::strip)
        .filter(reason -> !reason.isEmpty());
  }

  private static int idle(Exchange exchange) {
    return Asked.number(exchange, "idle", 0, 0, LONGEST_IDLE_SECONDS);
  }

  private Reply timeline(Exchange exchange) throws IOException {
    SessionId id = exchange.sessionVariable("id");
    return Json.ok(reading.timeline(id, exchange.numberVariable("n"), idle(exchange)));
  }

  private Reply part(Exchange exchange) throws IOException {
    SessionId id = exchange.sessionVariable("id");
    int idle = idle(exchange);
    int part = exchange.numberVariable("part");
    int lines = Asked.number(exchange, "lines", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
    InputStream text = reading.open(exchange.caller(), id, exchange.numberVariable("n"));
    return Reply.stream(
        "application/json",
        places.holding(out -> reading.writePart(text, idle, lines, part, out), text));
  }

  private Reply recording(Exchange exchange) throws IOException {
    SessionId id = exchange.sessionVariable("id");
    int number = exchange.numberVariable("n");
    InputStream text = reading.open(exchange.caller(), id, number);
    return Reply.stream(
            "application/x-asciicast",
            places.holding(
                out -> {
                  try (text) {
                    text.transferTo(out);
                  }
                },
                text))
        .with("Content-Disposition", "attachment; filename=\"" + id + "-" + number + ".cast\"");
  }
}
