package org.ongsung.audit;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.AuditCode;
import org.ongsung.model.SessionId;

/// What to look for in the ledger, newest first; null means any.
///
/// @param text a part of subject or details, compared without case
/// @param before only entries with a smaller sequence: where the page before ended
/// @param limit 1 to 1,000 entries
public record LedgerQuery(
    Set<AuditCode> codes,
    @Nullable String actor,
    @Nullable SessionId session,
    @Nullable String subject,
    @Nullable String text,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable Long before,
    int limit) {
  /// The most entries of one page, inclusive.
  public static final int MAX_LIMIT = 1_000;

  /// The longest text to look for, inclusive.
  public static final int MAX_TEXT_CHARACTERS = 200;

  public LedgerQuery {
    codes = Set.copyOf(codes);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit is 1 to 1000");
    }
    if (text != null && text.length() > MAX_TEXT_CHARACTERS) {
      throw new IllegalArgumentException("text has at most 200 characters");
    }
  }

  /// The newest entries of every kind.
  public static LedgerQuery newest(int limit) {
    return new LedgerQuery(Set.of(), null, null, null, null, null, null, null, limit);
  }
}
