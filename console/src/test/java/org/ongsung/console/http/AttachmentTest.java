package org.ongsung.console.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttachmentTest {
  @Test
  void aKoreanNameComesWhole() {
    assertThat(Attachment.named("보고서 1.txt"))
        .isEqualTo(
            "attachment; filename=\"___ 1.txt\"; "
                + "filename*=UTF-8''%EB%B3%B4%EA%B3%A0%EC%84%9C%201.txt");
  }

  @Test
  void noNameBreaksOutOfTheField() {
    String field = Attachment.named("../a\"; x=\r\nSet-Cookie: b\u202etxt.exe%2f");
    assertThat(field).startsWith("attachment; filename=\"").doesNotContain("\r", "\n", "\u202e");
    assertThat(field.chars().filter(c -> c == '"').count()).isEqualTo(2);
    assertThat(field.chars().filter(c -> c == ';').count()).isEqualTo(2);
    assertThat(field.substring(field.indexOf(';'))).doesNotContain("/");
  }

  @Test
  void theEndOfALongNameStays() {
    assertThat(Attachment.named("a".repeat(200))).contains("\"" + "a".repeat(200) + "\"");
    assertThat(Attachment.named("b" + "a".repeat(196) + ".txt"))
        .contains("\"" + "a".repeat(196) + ".txt\"");
  }
}
