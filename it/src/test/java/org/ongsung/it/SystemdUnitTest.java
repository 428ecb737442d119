package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Program;

/// The unit of deploy/systemd, read by systemd itself.
class SystemdUnitTest {
  private static final Path SHIPPED =
      Path.of(System.getProperty("ongsung.root"), "deploy/systemd/ongsung.service");
  private static final Pattern EXPOSURE = Pattern.compile("exposure level for .*: ([0-9.]+)");

  /// In the configuration that its head shows.
  private static final Pattern SOCKET = Pattern.compile("#     fastcgi: unix:(\\S+)");

  @TempDir Path folder;

  /// What it starts is not installed where tests run, so that another program stands for it.
  private Path unit() throws IOException {
    String text = Files.readString(SHIPPED);
    assertThat(text).contains("ExecStart=/opt/ongsung/ongsung ");
    return Files.writeString(
        folder.resolve("ongsung.service"), text.replace("=/opt/ongsung/ongsung ", "=/bin/true "));
  }

  @Test
  void systemdFindsNothingWrong() throws Exception {
    CompletedProgram done =
        Program.of("systemd-analyze", "verify", "--man=no", unit().toString())
            .run()
            .expectSuccess();
    assertThat(done.stdout() + done.stderr()).isEmpty();
  }

  /// What the unit sets a key to, as often as it does.
  private static List<String> values(String key) throws IOException {
    return Files.readAllLines(SHIPPED).stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .toList();
  }

  /// The launcher becomes the gateway, so that what systemd hears comes from the main process: the
  /// only one that it listens to where `NotifyAccess` is not said.
  @Test
  void systemdWaitsUntilTheGatewaySaysThatItListens() throws IOException {
    assertThat(values("Type")).containsExactly("notify");
    assertThat(values("NotifyAccess")).isEmpty();
  }

  @Test
  void theSocketForWebServersLiesInTheFolderThatTheirGroupReaches() throws IOException {
    assertThat(values("RuntimeDirectory")).containsExactly("ongsung");
    assertThat(values("RuntimeDirectoryMode")).containsExactly("0750");
    Matcher socket = SOCKET.matcher(Files.readString(SHIPPED));
    assertThat(socket.find()).isTrue();
    assertThat(Path.of(socket.group(1))).hasParentRaw(Path.of("/run/ongsung"));
  }

  @Test
  void itIsHardened() throws Exception {
    CompletedProgram done =
        Program.of("systemd-analyze", "security", "--no-pager", "--offline=true", unit().toString())
            .run()
            .expectSuccess();
    Matcher exposure = EXPOSURE.matcher(done.stdout());
    assertThat(exposure.find()).as(done.stdout()).isTrue();
    assertThat(Double.parseDouble(exposure.group(1))).as(done.stdout()).isLessThan(2.5);
  }
}
