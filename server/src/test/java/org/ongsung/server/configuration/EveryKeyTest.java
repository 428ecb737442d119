package org.ongsung.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every key can be set in the file and in the environment, to the same effect.
class EveryKeyTest {
  /// A value that is not the default, as the environment has it. A new key needs one here.
  private static final Map<String, String> SAMPLES =
      Map.ofEntries(
          Map.entry("data", "elsewhere"),
          Map.entry("node", "gate-7"),
          Map.entry("listen.ssh", "127.0.0.1:12201"),
          Map.entry("listen.telnet", "127.0.0.1:12202"),
          Map.entry("listen.telnets", "127.0.0.1:12203"),
          Map.entry("listen.http", "127.0.0.1:12204"),
          Map.entry("listen.https", "127.0.0.1:12205"),
          Map.entry("listen.fastcgi", "127.0.0.1:12206"),
          Map.entry("listen.proxyProtocol", "10.0.0.5, 10.0.0.6"),
          Map.entry("public.ssh", "gate.example.com:22"),
          Map.entry("public.url", "https://example.com/ongsung"),
          Map.entry("telnet.cleartextFrom", "10.1.0.0/16, 10.2.0.0/16"),
          Map.entry("telnet.tunnels", "127.0.0.1:24000-24009"),
          Map.entry("tls.certificate", "certificate.pem"),
          Map.entry("tls.key", "secret"),
          Map.entry("http.trustedProxies", "10.0.0.0/8, fd00::/8"),
          Map.entry("database.url", "jdbc:postgresql://db/ongsung"),
          Map.entry("database.user", "ongsung"),
          Map.entry("database.passwordFile", "secret"),
          Map.entry("database.connections", "20"),
          Map.entry("drain", "5m"),
          Map.entry("jobs.lease", "3s"),
          Map.entry("retention.recordings", "90"),
          Map.entry("retention.jobs", "3650"),
          Map.entry("retention.reports", "7"),
          Map.entry("notify.webhook", "https://hooks.example.com/a"),
          Map.entry("notify.webhookSecretFile", "secret"),
          Map.entry("notify.webhookOn", "session.start, session.end"),
          Map.entry("notify.mailServer", "smtp.example.com:25"),
          Map.entry("notify.mailSecurity", "tls"),
          Map.entry("notify.mailFrom", "gate@example.com"),
          Map.entry("notify.mailTo", "ops@example.com, audit@example.com"),
          Map.entry("notify.mailUser", "gate"),
          Map.entry("notify.mailPasswordFile", "secret"),
          Map.entry("notify.mailOn", "login.blocked"),
          Map.entry("notify.mailLanguage", "ko"),
          Map.entry("recording.freeSpace", "10GiB"),
          Map.entry("adhoc.networks", "10.20.0.0/16"),
          Map.entry("adhoc.like", "lab"),
          Map.entry("log.level", "debug"));

  @TempDir Path folder;

  @BeforeEach
  void filesThatTheSamplesName() throws Exception {
    Files.writeString(folder.resolve("certificate.pem"), "x");
    Files.createFile(
        folder.resolve("secret"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private Configuration read(String yaml, Map<String, String> environment) throws Exception {
    Path file = Files.writeString(folder.resolve("ongsung.yaml"), yaml);
    return ConfigurationReader.read(Optional.of(file), environment, folder);
  }

  private static Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    Keys.ALL.forEach(key -> variables.put(key.variable(), sample(key)));
    return variables;
  }

  private static String sample(ConfigurationKey<?> key) {
    String sample = SAMPLES.get(key.name());
    assertThat(sample).as("a sample for " + key.name()).isNotNull();
    return String.valueOf(sample);
  }

  private static String file() {
    Map<String, StringBuilder> sections = new LinkedHashMap<>();
    for (ConfigurationKey<?> key : Keys.ALL) {
      String value = key.list() ? "[\"" + sample(key).replace(", ", "\", \"") + "\"]" : sample(key);
      sections
          .computeIfAbsent(key.section().orElse(""), _ -> new StringBuilder())
          .append(key.section().isPresent() ? "  " : "")
          .append(key.leaf())
          .append(": ")
          .append(key.list() ? value : "\"" + value + "\"")
          .append('\n');
    }
    StringBuilder yaml = new StringBuilder();
    sections.forEach(
        (section, lines) -> yaml.append(section.isEmpty() ? "" : section + ":\n").append(lines));
    return yaml.toString();
  }

  @Test
  void theEnvironmentSaysTheSameAsTheFile() throws Exception {
    assertThat(read("{}\n", environment())).isEqualTo(read(file(), Map.of()));
  }

  @Test
  void everyKeyMattersAndTheEnvironmentWinsOverTheFile() throws Exception {
    Configuration all = read("{}\n", environment());
    for (ConfigurationKey<?> key : Keys.ALL) {
      Map<String, String> without = environment();
      without.remove(key.variable());
      assertThat(outcome("{}\n", without)).as("without " + key.name()).isNotEqualTo(all);
      assertThat(read(file(), Map.of(key.variable(), sample(key))))
          .as(key.name() + " in both")
          .isEqualTo(all);
    }
    for (ConfigurationKey<?> key : Keys.ALL) {
      assertThat(outcome(file(), Map.of(key.variable(), "no such\u0007value, at:all:")))
          .as("the environment's " + key.name() + " counts, though the file has one")
          .isNotEqualTo(all);
    }
  }

  private Object outcome(String yaml, Map<String, String> environment) throws Exception {
    try {
      return read(yaml, environment);
    } catch (ConfigurationException e) {
      return e.problems();
    }
  }
}
