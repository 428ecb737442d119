package org.ongsung.recording;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What becomes of a session's recordings: held for good, gone by policy, or neither.
///
/// @param hold null when nobody holds them
/// @param purge null while they are there
public record Retention(@Nullable Hold hold, @Nullable Purge purge) {
  /// Neither.
  public static final Retention NONE = new Retention(null, null);

  /// A legal hold: nothing of the session's recordings is deleted until it is lifted.
  ///
  /// @param by a user's name or `local-admin`
  /// @param reason one line, 1 to 500 characters
  public record Hold(String by, Instant at, String reason) {
    private static final int MAX_REASON_CHARACTERS = 500;

    public Hold {
      if (reason.isEmpty()
          || reason.length() > MAX_REASON_CHARACTERS
          || reason.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("a reason is one line of 1 to 500 characters");
      }
    }
  }

  /// The recordings are gone, or going.
  ///
  /// @param at when that was decided
  /// @param recordings how many there were; 0 until all are gone
  /// @param bytes what they took up
  public record Purge(Instant at, int recordings, long bytes) {}
}
