package org.ongsung.console.page;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Assets;
import org.ongsung.console.http.Caller;
import org.ongsung.console.text.Language;
import org.ongsung.console.text.Messages;
import org.ongsung.console.text.Shapes;
import org.ongsung.console.text.Wording;
import org.ongsung.model.AuditCode;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.Shown;

/// What every template needs: the reader, their language and zone, the addresses of assets, the
/// token for forms. One per answer.
///
/// @param base what stands before every address of the console; empty at the root of its host
/// @param path the page's own address with its query, to come back to
/// @param now when the answer was made
public record Page(
    Language language,
    Shapes shapes,
    @Nullable Caller caller,
    Assets assets,
    String base,
    String csrf,
    String path,
    String brand,
    Instant now) {

  private static final int MAX_CELL_CHARACTERS = 300;

  /// What stands beside the jobs under one entry of the navigation.
  private static final List<String> JOB_PAGES = List.of("/schedules", "/workers");

  /// An entry of the navigation.
  public record Link(String address, String label, String icon, boolean current) {}

  /// The text of `key`.
  public String t(String key, Object... arguments) {
    return messages().text(key, arguments);
  }

  /// The text of `prefix.word`, or the word itself where there is none: for words that may grow.
  public String word(String prefix, String word) {
    return wording().word(prefix, word);
  }

  /// What other rooms wrote down, in the reader's language.
  public Wording wording() {
    return new Wording(messages());
  }

  /// What stands in the ledger beside an event, in the reader's language.
  public LedgerWords ledgerWords() {
    return new LedgerWords(wording(), shapes);
  }

  /// Jobs, in the reader's language.
  public JobWords jobWords() {
    return new JobWords(wording(), shapes);
  }

  /// The language of a reason that nobody has put into the reader's; null where it is theirs.
  public @Nullable String foreign(String sentence) {
    return language == Language.ENGLISH || Wording.isKnown(sentence) ? null : "en";
  }

  private Messages messages() {
    return shapes.messages();
  }

  public String asset(String name) {
    return base + assets.url(name);
  }

  public String time(Instant instant) {
    return shapes.moment(instant);
  }

  public String timeAndZone(Instant instant) {
    return shapes.momentAndZone(instant);
  }

  /// The short name of the reader's zone.
  public String zone() {
    return shapes.zoneName(now);
  }

  public String duration(Duration duration) {
    return shapes.duration(duration);
  }

  /// From `start` to `end`, or until now.
  public String lasted(Instant start, @Nullable Instant end) {
    return shapes.duration(Duration.between(start, end == null ? now : end));
  }

  public String bytes(long count) {
    return Shapes.bytes(count);
  }

  /// What a `datetime-local` field shows of an ISO 8601 moment; what cannot be read stays.
  public String fieldMoment(String iso) {
    try {
      return iso.isEmpty() ? "" : shapes.field(OffsetDateTime.parse(iso).toInstant());
    } catch (DateTimeParseException e) {
      return iso;
    }
  }

  /// Text of unknown origin on one line and not too long: control characters made visible.
  public String cut(String text) {
    return Shown.plain(text, MAX_CELL_CHARACTERS);
  }

  /// How a channel ended: status, signal, or nothing yet.
  public String exit(SessionChannel channel) {
    SessionChannel.End end = channel.end();
    if (end == null) {
      return "–";
    }
    return end.exitSignal() != null
        ? "SIG" + end.exitSignal()
        : end.exitStatus() != null ? end.exitStatus().toString() : "–";
  }

  /// How much a kind of event weighs: `danger`, `attention` or `plain`.
  public String weight(AuditCode code) {
    return switch (code) {
      case LOGIN_FAILURE,
          LOGIN_BLOCKED,
          ACCESS_DENIED,
          CHANNEL_REFUSED,
          HOST_KEY_MISMATCH,
          SESSION_TERMINATED,
          SESSION_FAILED,
          RECORDING_FAILED ->
          "danger";
      case SESSION_INTERRUPTED, RECORDING_PURGED, STORAGE_LOW, CLOCK_STEPPED, HOST_KEY_LEARNED ->
          "attention";
      default -> "plain";
    };
  }

  public boolean isAdmin() {
    return caller != null && caller.isAdmin();
  }

  public boolean isAuditor() {
    return caller != null && caller.isAuditor();
  }

  /// What everyone may open.
  public List<Link> mainLinks() {
    return List.of(
        link("/", "nav.my-targets", "server"),
        link("/sessions", "nav.sessions", "terminal"),
        link("/search", "nav.search", "search"));
  }

  /// What auditors may open besides.
  public List<Link> auditLinks() {
    return isAuditor()
        ? List.of(
            link("/ledger", "nav.ledger", "book"),
            link("/reach", "nav.reach", "route"),
            link("/blocks", "nav.blocks", "ban"),
            link("/jobs", "nav.jobs", "clock"))
        : List.of();
  }

  /// The directory, which auditors read and administrators change.
  public List<Link> directoryLinks() {
    return isAuditor()
        ? List.of(
            link("/users", "nav.users", "user"),
            link("/groups", "nav.groups", "users"),
            link("/targets", "nav.targets", "server"),
            link("/grants", "nav.grants", "key"),
            link("/notices", "nav.notices", "bell"),
            link("/links", "nav.links", "link"))
        : List.of();
  }

  private Link link(String address, String key, String icon) {
    String here = path.indexOf('?') < 0 ? path : path.substring(0, path.indexOf('?'));
    boolean current =
        address.equals("/")
            ? here.equals("/")
            : here.equals(address)
                || here.startsWith(address + "/")
                || (address.equals("/jobs") && JOB_PAGES.contains(here));
    return new Link(base + address, t(key), icon, current);
  }
}
