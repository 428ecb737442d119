package org.ongsung.server.running;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A hostile target: what it says may stand in the gateway's own log, and an operator's terminal
/// shows that.
class HostileTargetLogRegressionTest {
  private static final String HOSTILE =
      "bye \u001b]0;owned\u0007 \u009b2J \u202e gone\r\n2026-01-01T00:00:00.000Z INFO forged";

  private static String shown(Throwable thrown) throws Exception {
    LoggerContext context = new LoggerContext();
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern(pattern());
    layout.start();
    Logger logger = context.getLogger("room");
    return layout.doLayout(
        new LoggingEvent("x", logger, Level.WARN, "target: " + HOSTILE, thrown, null));
  }

  private static String pattern() throws Exception {
    try (InputStream in =
        HostileTargetLogRegressionTest.class.getResourceAsStream("/logback.xml")) {
      assertThat(in).isNotNull();
      String xml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Matcher pattern = Pattern.compile("<pattern>(.*)</pattern>").matcher(xml);
      assertThat(pattern.find()).isTrue();
      return pattern.group(1);
    }
  }

  @Test
  void aMessageIsOneLineThatNoTerminalObeys() throws Exception {
    String line = shown(null);
    assertThat(line).endsWith("\n").contains("bye ?]0;owned? ?2J ? gone | 2026");
    assertThat(line.strip()).doesNotContainPattern("[\\p{Cc}\\u202e]");
  }

  @Test
  void anExceptionIsShownWithItsTraceAndNoTerminalObeysItEither() throws Exception {
    String text = shown(new IllegalStateException(HOSTILE));
    assertThat(text).contains("IllegalStateException: bye ?]0;owned?").contains("\tat ");
    assertThat(text.split("IllegalStateException", -1)).as("told once").hasSize(2);
    assertThat(text.replaceAll("[\r\n\t]", "")).doesNotContainPattern("[\\p{Cc}\\u202e]");
  }
}
