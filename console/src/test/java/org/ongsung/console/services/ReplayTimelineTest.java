package org.ongsung.console.services;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayTimelineTest {
  /// A recording with an event every hour.
  private static Map<String, Object> index(int hours) throws Exception {
    StringBuilder text = new StringBuilder("{\"version\": 2, \"width\": 80, \"height\": 24}\n");
    for (int hour = 1; hour <= hours; hour++) {
      text.append('[').append(hour * 3_600L).append(", \"o\", \"x\"]\n");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return ReplayTimeline.index(new ByteArrayInputStream(bytes), 1, "part");
  }

  private static List<?> cuts(Map<String, Object> index) {
    return (List<?>) index.get("cuts");
  }

  @Test
  void tenThousandPausesAreShortenedAndTheNextOnesStayAsLongAsTheyWere() throws Exception {
    Map<String, Object> full = index(ReplayTimeline.MAX_CUTS);
    assertThat(cuts(full)).hasSize(ReplayTimeline.MAX_CUTS);
    assertThat((double) full.get("duration")).isBetween(10_000.0, 10_000.01);

    Map<String, Object> past = index(ReplayTimeline.MAX_CUTS + 2);
    assertThat(cuts(past)).hasSize(ReplayTimeline.MAX_CUTS);
    assertThat((double) past.get("duration")).isBetween(17_200.0, 17_200.01);
  }
}
