package org.ongsung.directory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.vault.SecretId;

/// The ledger's words for a change: one event for each entry that differs, and one for each secret.
///
/// A field `title` is told as the details `title.before` and `title.after`; a value too long for
/// one detail goes on in `title.before.2` and so on, and an entry with too many fields for one
/// event goes on in another of the same code, with the detail `part`. Every event has the details
/// `change`, which is the same for all events of one change, and `version`, which the directory has
/// once the change is made.
final class ChangeEvents {
  private static final int MAX_DETAILS = 48;
  private static final int MAX_VALUE_CHARACTERS = 8_000;

  private final Instant at;
  private final Actor actor;
  private final String changeId;
  private final long version;
  private final List<AuditEvent> events = new ArrayList<>();

  ChangeEvents(Instant at, Actor actor, String changeId, long version) {
    this.at = at;
    this.actor = actor;
    this.changeId = changeId;
    this.version = version;
  }

  /// The events that announce `checked`, a change of `before`.
  List<AuditEvent> announce(CheckedChange checked, DirectorySnapshot before) {
    DirectoryChange change = checked.change();
    checked.differences().forEach(this::add);
    checked.differences().stream()
        .filter(difference -> difference.kind() == Difference.Kind.TARGET)
        .forEach(difference -> forgotten(difference.name(), before, checked.after()));
    change.secrets().keySet().forEach(id -> secret(id, "set"));
    change.deletedSecrets().forEach(id -> secret(id, "removed"));
    return events;
  }

  /// The event that takes the announcement back.
  AuditEvent takeBack(String reason) {
    return event(AuditCode.CHANGE_FAILED, "directory", Map.of("reason", reason));
  }

  private void add(Difference difference) {
    Map<String, String> details = new LinkedHashMap<>();
    for (Difference.Change field : difference.changes()) {
      put(details, field.field() + ".before", field.before());
      put(details, field.field() + ".after", field.after());
    }
    AuditCode code = code(difference);
    if (details.size() <= MAX_DETAILS) {
      events.add(event(code, difference.name().value(), details));
      return;
    }
    List<Map.Entry<String, String>> all = new ArrayList<>(details.entrySet());
    for (int from = 0, part = 1; from < all.size(); from += MAX_DETAILS, part++) {
      Map<String, String> some = new LinkedHashMap<>();
      all.subList(from, Math.min(all.size(), from + MAX_DETAILS))
          .forEach(detail -> some.put(detail.getKey(), detail.getValue()));
      some.put("part", String.valueOf(part));
      events.add(event(code, difference.name().value(), some));
    }
  }

  private static void put(Map<String, String> details, String key, String value) {
    if (value.length() <= MAX_VALUE_CHARACTERS) {
      if (!value.isEmpty()) {
        details.put(key, value);
      }
      return;
    }
    for (int from = 0, part = 1; from < value.length(); part++) {
      int to = Math.min(value.length(), from + MAX_VALUE_CHARACTERS);
      if (to < value.length() && Character.isHighSurrogate(value.charAt(to - 1))) {
        to--;
      }
      details.put(part == 1 ? key : key + "." + part, value.substring(from, to));
      from = to;
    }
  }

  /// Tells which learned keys of a target are trusted no longer.
  private void forgotten(Name target, DirectorySnapshot before, DirectorySnapshot after) {
    Target was = before.targets().get(target);
    if (was == null || was.hostKeyPolicy() != HostKeyPolicy.TRUST_ON_FIRST_USE) {
      return;
    }
    List<SshPublicKey> dropped = new ArrayList<>(was.hostKeys());
    after.target(target).ifPresent(is -> dropped.removeAll(is.hostKeys()));
    dropped.forEach(
        key ->
            events.add(
                event(
                    AuditCode.HOST_KEY_FORGOTTEN,
                    target.value(),
                    Map.of("key", key.toString(), "address", was.address().toString()))));
  }

  private void secret(SecretId id, String action) {
    events.add(
        event(
            AuditCode.SECRET_CHANGED,
            id.target().value(),
            Map.of("account", id.account().value(), "secret", id.kind().text(), "action", action)));
  }

  private AuditEvent event(AuditCode code, String subject, Map<String, String> details) {
    Map<String, String> all = new LinkedHashMap<>(details);
    all.put("change", changeId);
    all.put("version", String.valueOf(version));
    return new AuditEvent(at, code, actor.name(), actor.source(), null, subject, all);
  }

  private static AuditCode code(Difference difference) {
    return switch (difference.kind()) {
      case USER ->
          switch (difference.action()) {
            case CREATE -> AuditCode.USER_CREATED;
            case CHANGE -> AuditCode.USER_CHANGED;
            case DELETE -> AuditCode.USER_DELETED;
          };
      case GROUP ->
          switch (difference.action()) {
            case CREATE -> AuditCode.GROUP_CREATED;
            case CHANGE -> AuditCode.GROUP_CHANGED;
            case DELETE -> AuditCode.GROUP_DELETED;
          };
      case TARGET ->
          switch (difference.action()) {
            case CREATE -> AuditCode.TARGET_CREATED;
            case CHANGE -> AuditCode.TARGET_CHANGED;
            case DELETE -> AuditCode.TARGET_DELETED;
          };
      case GRANT ->
          switch (difference.action()) {
            case CREATE -> AuditCode.GRANT_CREATED;
            case CHANGE -> AuditCode.GRANT_CHANGED;
            case DELETE -> AuditCode.GRANT_DELETED;
          };
    };
  }
}
