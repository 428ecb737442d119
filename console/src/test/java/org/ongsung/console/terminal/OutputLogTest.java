package org.ongsung.console.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputLogTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static int append(OutputLog log, String text) {
    return log.append(bytes(text), 0, text.length());
  }

  private static String all(OutputLog log) {
    return new String(log.read(log.start(), 100_000), StandardCharsets.US_ASCII);
  }

  @Test
  void asMuchAsIsUnseenFitsAndNotAByteMore() {
    OutputLog log = new OutputLog(5_000);
    assertThat(append(log, "x".repeat(4_999))).isEqualTo(4_999);
    assertThat(append(log, "yz")).isEqualTo(1);
    assertThat(log.room()).isZero();
    assertThat(append(log, "z")).isZero();
    assertThat(all(log)).isEqualTo("x".repeat(4_999) + "y");
  }

  @Test
  void whatWasSeenMakesRoomAndIsKeptAsLongAsThereIsPlace() {
    OutputLog log = new OutputLog(5_000);
    append(log, "a".repeat(5_000));
    log.seen(3_000);
    assertThat(append(log, "b".repeat(4_000))).isEqualTo(3_000);
    assertThat(log.start()).isEqualTo(3_000);
    assertThat(log.end()).isEqualTo(8_000);
    assertThat(all(log)).isEqualTo("a".repeat(2_000) + "b".repeat(3_000));
    assertThat(new String(log.read(4_999, 2), StandardCharsets.US_ASCII)).isEqualTo("ab");
  }

  @Test
  void nobodyHasSeenWhatWasNotShownNorForgotWhatTheySaw() {
    OutputLog log = new OutputLog(5_000);
    append(log, "abc");
    log.seen(1_000_000);
    assertThat(log.room()).isEqualTo(5_000);
    log.seen(0);
    assertThat(log.room()).isEqualTo(5_000);
    assertThat(append(log, "d".repeat(6_000))).isEqualTo(5_000);
  }
}
