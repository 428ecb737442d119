package org.ongsung.recording;

import java.time.Instant;
import org.ongsung.model.SessionId;

/// How far an open channel was at a time, for those whose counts lie in no recording.
///
/// @param bytesFromClient payload from the person until then
/// @param bytesToClient payload to the person until then
public record ChannelProgress(
    SessionId session, int number, Instant at, long bytesFromClient, long bytesToClient) {
  public ChannelProgress {
    if (number < 0 || bytesFromClient < 0 || bytesToClient < 0) {
      throw new IllegalArgumentException("a channel's number and counts are not negative");
    }
  }
}
