package org.ongsung.gateway;

import java.time.Duration;
import org.ongsung.model.EndReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Empties a gateway before it stops: no new sessions, a line to the people in the live ones, time
/// to finish, then the end of what is left, recorded.
public final class SessionDrain {
  private static final Logger LOG = LoggerFactory.getLogger(SessionDrain.class);

  private final SessionGateway gateway;
  private final Duration wait;
  private final Duration endGrace;

  /// @param wait how long people may finish; may be zero
  /// @param endGrace how long the end of what is left may take
  public SessionDrain(SessionGateway gateway, Duration wait, Duration endGrace) {
    this.gateway = gateway;
    this.wait = wait;
    this.endGrace = endGrace;
  }

  /// Drains. Blocks up to both times together.
  ///
  /// @return whether every session ended and is recorded
  public boolean run() {
    long seconds = Math.max(0, wait.toSeconds());
    gateway.startDrain(
        seconds >= 120
            ? Notice.of(Notice.Code.STOPS_IN_MINUTES, seconds / 60)
            : Notice.of(Notice.Code.STOPS_IN_SECONDS, seconds));
    if (!gateway.awaitNone(wait)) {
      LOG.info("{} sessions are still live; they end now", gateway.list().size());
      gateway.endAll(EndReason.Code.GATEWAY_STOP);
      return gateway.awaitNone(endGrace);
    }
    return true;
  }
}
