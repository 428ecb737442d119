package org.ongsung.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ApacheServerTest {
  @Test
  void asDebianShipsItItBeginsWithTwoProcessesAndComplainsOfNothing() {
    try (FrontServer apache = ApacheServer.around("LogLevel info").asDebianShips().start()) {
      Deadlines.await(
          "both processes are there",
          Deadlines.SERVICE,
          () -> ProcessHandle.of(apache.process().pid()).orElseThrow().children().count() == 2);
      assertThat(apache.log())
          .doesNotContain("MaxRequestWorkers", "ThreadsPerChild", "ThreadLimit");
    }
  }
}
