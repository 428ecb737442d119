package org.ongsung.directory.wall;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.directory.Actor;
import org.ongsung.directory.DirectoryRuleException;
import org.ongsung.directory.Problem;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.GuardedLock;
import org.ongsung.model.Name;
import org.ongsung.model.User;

/// Stars, notices and links, with their rules. A notice or link is in the ledger before it is
/// changed; stars are a person's own business and are not.
///
/// Blocks; for any thread. Those who change notices or links in one process do so one after the
/// other, so that the bounds hold.
public final class Wall {
  private static final Comparator<Notice> STICKY_THEN_NEWEST =
      Comparator.comparing(Notice::sticky)
          .reversed()
          .thenComparing(Notice::changedAt, Comparator.reverseOrder())
          .thenComparing(Notice::name);

  private static final Comparator<WallLink> BY_RANK =
      Comparator.comparingInt(WallLink::rank).thenComparing(WallLink::name);

  private final WallStore store;
  private final Ledger ledger;
  private final InstantSource clock;
  private final WallLimits limits;
  private final GuardedLock changing = new GuardedLock();

  public Wall(WallStore store, Ledger ledger, InstantSource clock, WallLimits limits) {
    this.store = store;
    this.ledger = ledger;
    this.clock = clock;
    this.limits = limits;
  }

  /// The targets that `user` has starred, in the order in which they were.
  public List<Name> stars(Name user) {
    return store.stars(user);
  }

  /// Stars a target that the caller has found fit for `user`.
  ///
  /// @throws DirectoryRuleException when the user has as many stars as may be
  public void star(Name user, Name target) {
    if (!store.star(user, target, clock.instant(), limits.starsPerUser())) {
      throw tooMany("stars", limits.starsPerUser());
    }
  }

  /// Takes a star away, if there is one.
  public void unstar(Name user, Name target) {
    store.unstar(user, target);
  }

  /// Every notice: the sticky ones first, then the newest.
  public List<Notice> notices() {
    return store.notices().stream().sorted(STICKY_THEN_NEWEST).toList();
  }

  /// The notices that `user` sees now.
  public List<Notice> noticesFor(User user) {
    Instant now = clock.instant();
    return notices().stream().filter(notice -> notice.isFor(user, now)).toList();
  }

  public Optional<Notice> notice(Name name) {
    return store.notice(name);
  }

  /// Every link, by rank.
  public List<WallLink> links() {
    return store.links().stream().sorted(BY_RANK).toList();
  }

  /// The links that `user` sees.
  public List<WallLink> linksFor(User user) {
    return links().stream().filter(link -> link.isFor(user)).toList();
  }

  public Optional<WallLink> link(Name name) {
    return store.link(name);
  }

  /// Writes a notice, new or over the old one.
  ///
  /// @throws DirectoryRuleException when there are as many as may be
  public void put(Actor actor, Notice notice) {
    changing.lock();
    try {
      Notice old = store.notice(notice.name()).orElse(null);
      if (old == null && store.notices().size() >= limits.notices()) {
        throw tooMany("notices", limits.notices());
      }
      Map<String, String> before = old == null ? Map.of() : fields(old);
      tell(actor, AuditCode.NOTICE_CHANGED, notice.name(), before, fields(notice));
      store.put(notice);
    } finally {
      changing.unlock();
    }
  }

  /// Removes a notice.
  ///
  /// @return whether it was there
  public boolean deleteNotice(Actor actor, Name name) {
    Notice old = store.notice(name).orElse(null);
    if (old == null) {
      return false;
    }
    tell(actor, AuditCode.NOTICE_DELETED, name, fields(old), Map.of());
    return store.deleteNotice(name);
  }

  /// Writes a link, new or over the old one.
  ///
  /// @throws DirectoryRuleException when there are as many as may be
  public void put(Actor actor, WallLink link) {
    changing.lock();
    try {
      WallLink old = store.link(link.name()).orElse(null);
      if (old == null && store.links().size() >= limits.links()) {
        throw tooMany("links", limits.links());
      }
      Map<String, String> before = old == null ? Map.of() : fields(old);
      tell(actor, AuditCode.LINK_CHANGED, link.name(), before, fields(link));
      store.put(link);
    } finally {
      changing.unlock();
    }
  }

  /// Removes a link.
  ///
  /// @return whether it was there
  public boolean deleteLink(Actor actor, Name name) {
    WallLink old = store.link(name).orElse(null);
    if (old == null) {
      return false;
    }
    tell(actor, AuditCode.LINK_DELETED, name, fields(old), Map.of());
    return store.deleteLink(name);
  }

  private static DirectoryRuleException tooMany(String what, int most) {
    return new DirectoryRuleException(
        List.of(
            Problem.of(
                Problem.Code.TOO_MANY,
                "at most " + most + " " + what + " are allowed",
                what,
                most)));
  }

  private static Map<String, String> fields(Notice notice) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("title", notice.title().value());
    fields.put("text", notice.text());
    fields.put("sticky", String.valueOf(notice.sticky()));
    fields.put("from", text(notice.from()));
    fields.put("until", text(notice.until()));
    fields.put("groups", names(notice.groups()));
    return fields;
  }

  private static Map<String, String> fields(WallLink link) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("title", link.title().value());
    fields.put("address", link.address());
    fields.put("remark", link.remark().value());
    fields.put("rank", String.valueOf(link.rank()));
    fields.put("groups", names(link.groups()));
    return fields;
  }

  private static String text(@Nullable Instant instant) {
    return instant == null ? "" : instant.toString();
  }

  private static String names(java.util.Set<Name> names) {
    return names.stream().sorted().map(Name::value).collect(Collectors.joining(", "));
  }

  private void tell(
      Actor actor,
      AuditCode code,
      Name subject,
      Map<String, String> before,
      Map<String, String> after) {
    Map<String, String> details = new LinkedHashMap<>();
    (after.isEmpty() ? before : after)
        .keySet()
        .forEach(
            field -> {
              String was = before.getOrDefault(field, "");
              String is = after.getOrDefault(field, "");
              if (!was.equals(is)) {
                put(details, field + ".before", was);
                put(details, field + ".after", is);
              }
            });
    ledger.append(
        new AuditEvent(
            clock.instant(), code, actor.name(), actor.source(), null, subject.value(), details));
  }

  private static void put(Map<String, String> details, String key, String value) {
    if (!value.isEmpty()) {
      details.put(key, value);
    }
  }
}
