package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.store.DatabaseConfig;
import org.ongsung.store.OtherVersions;
import org.ongsung.testkit.TemporaryPostgres;

/// This version on the data of an older one, and of a newer one.
class UpgradeTest {
  private static final String BOSS =
      "insert into users values ('boss', '김보스', 1, null, '[\"admin\"]', '[]', '[]')";

  @Test
  void anOlderDataFolderIsBackedUpAndBroughtForward() throws Exception {
    try (Installation gate = Installation.prepared();
        Installation restored = Installation.prepared()) {
      OtherVersions.writeOldest(embedded(gate), BOSS);
      isBackedUpAndBroughtForward(gate, restored);
    }
  }

  @Test
  @Tag("long")
  void anOlderPostgresDatabaseIsBackedUpAndBroughtForward() throws Exception {
    TemporaryPostgres.Database first = TemporaryPostgres.shared().newDatabase();
    TemporaryPostgres.Database second = TemporaryPostgres.shared().newDatabase();
    try (Installation gate = on(first);
        Installation restored = on(second)) {
      OtherVersions.writeOldest(
          DatabaseConfig.of(first.url(), folder(gate), first.user(), first.password(), 4), BOSS);
      isBackedUpAndBroughtForward(gate, restored);
    }
  }

  @Test
  void theDatabaseOfANewerVersionIsRefusedAndLeftAlone() throws Exception {
    try (Installation gate = Installation.prepared()) {
      OtherVersions.writeNewer(embedded(gate));
      byte[] before = Files.readAllBytes(gate.data().resolve("ongsung.db"));
      assertThat(gate.program("serve").run().expectExit(1).stderr())
          .contains("newer version of Ongsung", "schema 99", "start the newer version again")
          .doesNotContain("Exception", "\tat ");
      assertThat(Files.readAllBytes(gate.data().resolve("ongsung.db"))).isEqualTo(before);
      assertThat(gate.data().resolve("backups")).doesNotExist();
    }
  }

  private static void isBackedUpAndBroughtForward(Installation gate, Installation restored)
      throws IOException {
    gate.serve();
    assertThat(names(gate)).containsExactly("boss");
    Path backup = onlyBackup(gate);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
        .isEqualTo("rw-------");
    assertThat(language(gate)).isEmpty();
    gate.ongsung("user", "set", "boss", "--language", "ko");
    gate.stop();
    gate.serve();
    assertThat(language(gate)).as("what the older version did not know").isEqualTo("ko");
    assertThat(onlyBackup(gate)).as("what is of this version is not backed up").isEqualTo(backup);
    restored.ongsung("restore", backup.toString());
    restored.serve();
    assertThat(names(restored)).containsExactly("boss");
  }

  private static List<String> names(Installation gate) {
    return gate.json("user", "list").path("users").findValuesAsString("name");
  }

  private static String language(Installation gate) {
    return gate.json("user", "show", "boss").path("language").asString("");
  }

  private static Path onlyBackup(Installation gate) throws IOException {
    try (Stream<Path> files = Files.list(gate.data().resolve("backups"))) {
      List<Path> all = files.toList();
      assertThat(all)
          .singleElement()
          .satisfies(file -> assertThat(file.getFileName().toString()).startsWith("before-"));
      return all.getFirst();
    }
  }

  private static DatabaseConfig embedded(Installation gate) throws IOException {
    return DatabaseConfig.of(null, folder(gate), null, null, 4);
  }

  private static Path folder(Installation gate) throws IOException {
    return Files.createDirectories(
        gate.data(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static Installation on(TemporaryPostgres.Database database) {
    Installation gate =
        Installation.prepared(
            "database:",
            "  url: " + database.url(),
            "  user: " + database.user(),
            "  passwordFile: database-password",
            "  connections: 4");
    gate.write("database-password", database.password() + "\n");
    return gate;
  }
}
