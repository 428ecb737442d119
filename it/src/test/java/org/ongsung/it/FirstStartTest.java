package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;

/// The first start of a gateway makes an administrator, and says where the password is.
class FirstStartTest {
  @Test
  void theFirstPasswordStandsInAFileOfItsOwnerUntilItWasUsed() throws IOException {
    try (Installation gate = Installation.prepared()) {
      gate.serve();
      Path file = gate.data().resolve("admin-password");
      gate.server().awaitOutput("admin ", Deadlines.ACTION);
      assertThat(gate.server().stdout()).contains(file.toString());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      String password = Files.readString(file).strip();
      assertThat(password).hasSizeGreaterThanOrEqualTo(16);
      assertThat(gate.server().stdout() + gate.server().stderr()).doesNotContain(password);

      assertThat(gate.logIn("admin", password + "x")).isEqualTo(401);
      assertThat(file).exists();
      assertThat(gate.logIn("admin", password)).isEqualTo(200);
      Deadlines.await("the file is gone", () -> !Files.exists(file));
      assertThat(gate.server().stderr().lines())
          .as("nothing but its own log, no library's own remarks")
          .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z (INFO|WARN) .*"));
    }
  }
}
