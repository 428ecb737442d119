package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationFilesTest {
  private static final Path FOLDER = Path.of("src/main/resources/db");

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void theProgramKnowsTheNewestVersionOfEverySchema(Dialect dialect) throws IOException {
    assertThat(newest("main")).isEqualTo(Schema.MAIN.newest());
    int ledger =
        Math.max(
            newest("ledger"),
            newest("ledger-" + dialect.name().toLowerCase(java.util.Locale.ROOT)));
    assertThat(ledger).isEqualTo(Schema.LEDGER.newest());
  }

  @Test
  void nothingElseLiesThere() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      assertThat(folders.map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrder("main", "ledger", "ledger-sqlite", "ledger-postgresql");
    }
  }

  private static int newest(String folder) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertThat(names).allMatch(name -> name.matches("V[0-9]+__[a-z0-9_]+\\.sql"));
      return names.stream()
          .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
          .max()
          .orElseThrow();
    }
  }
}
