package org.ongsung.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndReasonTest {
  @ParameterizedTest
  @EnumSource(EndReason.Code.class)
  void everyCodeIsSaidInBothLanguagesWithAllThatBelongsToIt(EndReason.Code code) {
    String[] values = code.names().stream().map(name -> "<" + name + ">").toArray(String[]::new);
    EndReason reason = EndReason.of(code, values);
    assertThat(EndReason.Code.of(code.text())).isEqualTo(code);
    assertThat(reason.in(Locale.KOREAN)).isNotBlank().doesNotContain("{");
    assertThat(reason.text()).isNotBlank().doesNotContain("{").doesNotContainPattern("[가-힣]");
    if (!code.names().isEmpty() && !code.names().contains("grant")) {
      assertThat(reason.text()).contains(values);
      assertThat(reason.in(Locale.KOREAN)).contains(values);
    }
  }

  @Test
  void bothLanguagesHaveTheSameWords() {
    ResourceBundle.Control exactly =
        ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
    String bundle = "org.ongsung.model.EndReason";
    ResourceBundle korean = ResourceBundle.getBundle(bundle, Locale.KOREAN, exactly);
    assertThat(korean.keySet())
        .isEqualTo(ResourceBundle.getBundle(bundle, Locale.ENGLISH, exactly).keySet());
    for (String key : korean.keySet()) {
      assertThat(korean.getString(key)).matches("(?s).*([가-힣]|\\{text}).*");
    }
  }

  @Test
  void durationsAreSaidInWords() {
    EndReason idle = EndReason.of(EndReason.Code.IDLE_LIMIT, "PT1H30M", "ops");
    assertThat(idle.text()).contains("(1h 30m)");
    assertThat(idle.in(Locale.KOREAN)).contains("(1시간 30분)");
  }

  @Test
  void whatAnAdministratorWroteIsOneHarmlessLine() {
    EndReason reason = EndReason.of(EndReason.Code.ADMINISTRATOR, "one\n\u001b[31mtwo {grant}");
    assertThat(reason.text()).endsWith("one<U+a><U+1b>[31mtwo {grant}");
  }

  @Test
  void aParameterThatACodeDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> new EndReason(EndReason.Code.PERSON_LEFT, Map.of("limit", "1")))
        .hasMessageContaining("no parameter");
    assertThatThrownBy(() -> EndReason.of(EndReason.Code.ADMINISTRATOR))
        .hasMessageContaining("takes");
  }
}
