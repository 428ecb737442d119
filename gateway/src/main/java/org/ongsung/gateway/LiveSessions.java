package org.ongsung.gateway;

import java.util.List;
import java.util.Optional;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionId;

/// The sessions that this process carries now.
public interface LiveSessions {
  /// All, newest first.
  List<Session> list();

  Optional<Session> find(SessionId id);

  /// Ends a session; the person reads `reason`.
  ///
  /// @return whether it was live here
  boolean terminate(SessionId id, Name by, String reason);
}
