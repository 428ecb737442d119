package org.ongsung.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.words.Phrase;
import org.ongsung.model.LanguageChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `ongsung language [LANGUAGE]`.
@Command(
    name = "language",
    description = {
      "Show or choose the language that the gateway speaks to you: on pages, and over SSH and"
          + " Telnet after the login.",
      "Commands follow the environment of the terminal they run in."
    })
final class LanguageCommand extends GatewayCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "LANGUAGE",
      description = "ko, en, or auto: as your browser or client says. Default: show it.")
  private @Nullable String language;

  @Override
  void run(ApiClient gateway) {
    String chosen = language;
    if (chosen != null) {
      try {
        LanguageChoice.of(chosen);
      } catch (IllegalArgumentException e) {
        throw usage(Phrase.of("no-language", chosen), Phrase.of("no-language.advice"));
      }
      gateway.send("PUT", "me/language", gateway.object().put("language", chosen));
    }
    String now = gateway.get("me", Map.of()).path("language").asString("");
    if (json()) {
      printJson(gateway.object().put("language", now));
    } else if (chosen == null) {
      surroundings().out().println(now);
    }
    if (chosen != null) {
      say("language-changed");
    }
  }
}
