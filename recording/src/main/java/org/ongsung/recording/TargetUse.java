package org.ongsung.recording;

import java.time.Instant;
import org.ongsung.model.Name;

/// How often somebody went to an account on a target, and when last.
///
/// @param sessions how many of the sessions that were looked at; at least 1
/// @param last when the newest of them started
public record TargetUse(Name target, Name account, long sessions, Instant last) {
  public TargetUse {
    if (sessions < 1) {
      throw new IllegalArgumentException("what was used was used once at least");
    }
  }
}
