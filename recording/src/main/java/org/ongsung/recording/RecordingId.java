package org.ongsung.recording;

import org.ongsung.model.SessionId;

/// Names the recording of one channel.
///
/// @param channel the channel's number in its session, 0 and up
public record RecordingId(SessionId session, int channel) {
  public RecordingId {
    if (channel < 0) {
      throw new IllegalArgumentException("a channel's number is 0 or more");
    }
  }
}
