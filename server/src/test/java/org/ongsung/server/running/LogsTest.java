package org.ongsung.server.running;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.logging.ConsoleHandler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.ongsung.server.configuration.LogLevel;
import org.slf4j.LoggerFactory;

class LogsTest {
  @Test
  void whatLibrariesLogByJavasOwnMeansIsInTheSameLogOnce() {
    Level before = root().getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root().addAppender(log);
    try {
      Logs.setLevel(LogLevel.WARN);
      Logs.setLevel(LogLevel.WARN);
      Logger.getLogger("org.ongsung.some.library").warning("broken \u001b[2J");
      assertThat(log.list)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage()).isEqualTo("broken \u001b[2J");
              });
      assertThat(LogManager.getLogManager().getLogger("").getHandlers())
          .noneMatch(ConsoleHandler.class::isInstance);
    } finally {
      root().detachAppender(log);
      root().setLevel(before);
    }
  }

  private static ch.qos.logback.classic.Logger root() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
