package org.ongsung.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.words.Phrase;
import tools.jackson.databind.JsonNode;

/// Lets `last` stand for the newest session.
final class NewestSession {
  private static final String LAST = "last";

  private NewestSession() {}

  /// The id of the newest session where `named` is `last`, else what was named.
  ///
  /// @param kinds only sessions with a channel of these, with commas; empty for any
  static String orNamed(ApiClient gateway, String named, String kinds) {
    if (!named.equals(LAST)) {
      return named;
    }
    Map<String, String> query = new LinkedHashMap<>();
    query.put("limit", "1");
    if (!kinds.isEmpty()) {
      query.put("kind", kinds);
    }
    List<JsonNode> found = GatewayCommand.items(gateway.get("sessions", query));
    if (found.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND, Phrase.of("no-session"), Phrase.of("no-session.advice"));
    }
    return found.getFirst().path("id").asString("");
  }
}
