package org.ongsung.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One thing that happened, as the ledger keeps it.
///
/// @param actor who did it: a user's name as claimed or proven, or `system`
/// @param source the address they did it from; empty for the system itself
/// @param session the session it belongs to, or null
/// @param subject what it was done to: a target, user, grant, recording …; may be empty
/// @param details more, by key; at most 64 keys, values cut at 8,192 characters; never a secret
public record AuditEvent(
    Instant at,
    AuditCode code,
    String actor,
    String source,
    @Nullable SessionId session,
    String subject,
    Map<String, String> details) {
  /// The actor of what nobody asked for.
  public static final String SYSTEM = "system";

  private static final int MAX_DETAILS = 64;
  private static final int MAX_VALUE_CHARACTERS = 8_192;

  public AuditEvent {
    if (details.size() > MAX_DETAILS) {
      throw new IllegalArgumentException("an audit event has at most 64 details");
    }
    java.util.TreeMap<String, String> bounded = new java.util.TreeMap<>();
    details.forEach((key, value) -> bounded.put(key, cut(value)));
    details = java.util.Collections.unmodifiableSortedMap(bounded);
  }

  private static String cut(String value) {
    return value.length() <= MAX_VALUE_CHARACTERS
        ? value
        : value.substring(0, MAX_VALUE_CHARACTERS) + "…";
  }
}
