package org.ongsung.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One channel of a session.
///
/// @param number 0 and up in order of opening
/// @param subject what it is about: the command, the subsystem, or the destination; at most
///   [#MAX_SUBJECT_CHARACTERS]
/// @param end null while open
public record SessionChannel(
    SessionId session,
    int number,
    ChannelKind kind,
    String subject,
    Instant openedAt,
    @Nullable End end) {
  /// The longest subject, in characters, inclusive.
  public static final int MAX_SUBJECT_CHARACTERS = 65_536;

  /// How a channel ended.
  ///
  /// @param exitStatus what the target reported (RFC 4254 section 6.10), or null
  /// @param exitSignal signal name without `SIG`, or null
  /// @param bytesFromClient payload bytes from person to target
  /// @param bytesToClient payload bytes from target to person, standard error included
  /// @param sha256FromClient lower-case hex over what the person sent, raw; null where the kind
  ///   keeps none
  /// @param sha256ToClient lower-case hex over what the target sent, raw; null where the kind keeps
  ///   none
  /// @param replaced how many sequences that were no UTF-8 the recording shows as U+FFFD
  /// @param complete false when the record may lack its last second, as after a crash
  public record End(
      Instant at,
      @Nullable Integer exitStatus,
      @Nullable String exitSignal,
      long bytesFromClient,
      long bytesToClient,
      @Nullable String sha256FromClient,
      @Nullable String sha256ToClient,
      long replaced,
      boolean complete) {}

  /// The same channel, ended.
  public SessionChannel ended(End how) {
    return new SessionChannel(session, number, kind, subject, openedAt, how);
  }
}
