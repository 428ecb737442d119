package org.ongsung.console.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.ongsung.model.AuditCode;
import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionState;

class MessagesTest {
  private static final Messages KO = Messages.of(Language.KOREAN);
  private static final Messages EN = Messages.of(Language.ENGLISH);

  @Test
  void bothLanguagesSayTheSameThings() {
    assertThat(KO.keys()).isEqualTo(EN.keys());
  }

  @Test
  void bothLanguagesHaveTheSamePlaces() {
    for (String key : EN.keys()) {
      for (String place : new String[] {"{0}", "{1}", "{2}"}) {
        assertThat(KO.text(key).contains(place)).as(key).isEqualTo(EN.text(key).contains(place));
      }
    }
  }

  @Test
  void everyWordOfTheModelHasItsText() {
    for (AuditCode code : AuditCode.values()) {
      assertThat(KO.has("code." + code.text())).as(code.text()).isTrue();
    }
    for (ChannelKind kind : ChannelKind.values()) {
      assertThat(KO.has("kind." + kind.text())).as(kind.text()).isTrue();
    }
    for (Capability may : Capability.values()) {
      assertThat(KO.has("capability." + may.text())).as(may.text()).isTrue();
    }
    for (SessionState state : SessionState.values()) {
      assertThat(KO.has("state." + state.text())).as(state.text()).isTrue();
    }
  }

  @Test
  void everyKeyThatATemplateNamesIsThere() throws Exception {
    Pattern used = Pattern.compile("\\.t\\(\"([a-z0-9.-]+[a-z0-9])\"[,)]");
    try (var files = Files.list(Path.of("src/main/jte"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        var found = used.matcher(Files.readString(file));
        while (found.find()) {
          assertThat(KO.has(found.group(1))).as(file + ": " + found.group(1)).isTrue();
        }
      }
    }
  }

  @Test
  void placesInArgumentsAreNotFilledAgain() {
    assertThat(EN.text("targets.count", "{0}")).isEqualTo("{0} targets");
  }

  @Test
  void theChosenLanguageWinsOverTheBrowsers() {
    assertThat(Language.of("ko", "en-US,en;q=0.9")).isEqualTo(Language.KOREAN);
    assertThat(Language.of("", "ko-KR,ko;q=0.9,en;q=0.8")).isEqualTo(Language.KOREAN);
    assertThat(Language.of("xx", "fr")).isEqualTo(Language.ENGLISH);
    assertThat(Language.of("", ";;;")).isEqualTo(Language.ENGLISH);
  }
}
