package org.ongsung.protocols.ssh.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransportLimitsTest {

  private static final TransportLimits BASE = TransportLimits.forCores(2);

  @Test
  void thereIsALoopForEachCoreAndKeyExchangeTakesHalfOfThem() {
    assertThat(TransportLimits.forCores(1).loops()).isEqualTo(1);
    assertThat(TransportLimits.forCores(1).keyExchangesAtOnce()).isEqualTo(1);
    assertThat(TransportLimits.forCores(8).loops()).isEqualTo(8);
    assertThat(TransportLimits.forCores(8).keyExchangesAtOnce()).isEqualTo(4);
  }

  @Test
  void marksMustStandInOrder() {
    assertThatCode(() -> BASE.withWriteMarks(10, 10, 10)).doesNotThrowAnyException();
    assertThatThrownBy(() -> BASE.withWriteMarks(11, 10, 20))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BASE.withWriteMarks(0, 21, 20))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BASE.withWriteMarks(-1, 10, 20))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyTheIdleDeadlineMayBeOff() {
    Duration second = Duration.ofSeconds(1);
    assertThatCode(() -> BASE.withDeadlines(second, Duration.ZERO, second))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> BASE.withDeadlines(Duration.ZERO, second, second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BASE.withDeadlines(second, second.negated(), second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BASE.withDeadlines(second, second, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsHaveARange() {
    assertThatThrownBy(() -> TransportLimits.forCores(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BASE.withConnections(0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BASE.withConnections(1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BASE.withKeyExchanges(0, 1, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStrangerIsReadInNoLargerPiecesThanOthers() {
    assertThat(BASE.strangerBatchBytes()).isLessThan(BASE.readBatchBytes());
    assertThatCode(() -> BASE.withReadBatches(512, 512)).doesNotThrowAnyException();
    assertThatThrownBy(() -> BASE.withReadBatches(512, 513))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BASE.withReadBatches(512, 511))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
