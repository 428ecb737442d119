package org.ongsung.console.terminal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ongsung.console.http.Json;

/// What a browser is told of its terminal besides what it shows.
///
/// @param taken how many of the bytes typed the target's side has taken
/// @param session the session; empty until it began
/// @param watchers how many people look on
/// @param over whether it has ended and all has been sent
record TerminalState(long taken, String session, int watchers, boolean over) {
  String json() {
    return Json.text(fields());
  }

  private Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("taken", taken);
    fields.put("session", session);
    fields.put("watchers", watchers);
    fields.put("over", over);
    return fields;
  }

  /// The first word to a browser that has come or come back.
  ///
  /// @param from which byte of the output follows
  /// @param typed how many bytes typed have come in
  String json(long from, long typed) {
    Map<String, Object> fields = fields();
    fields.put("from", from);
    fields.put("typed", typed);
    return Json.text(fields);
  }
}
