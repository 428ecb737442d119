package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoticeTest {
  @ParameterizedTest
  @EnumSource(Notice.Code.class)
  void everyLineIsThereInBothLanguages(Notice.Code code) {
    Notice notice = Notice.of(code, 7);
    assertThat(notice.in(Locale.KOREAN)).containsPattern("[가-힣]").doesNotContain("{");
    assertThat(notice.in(Locale.ENGLISH)).doesNotContainPattern("[가-힣]").doesNotContain("{");
  }
}
