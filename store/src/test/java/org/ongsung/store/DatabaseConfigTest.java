package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseConfigTest {
  private static final Path DATA = Path.of("/data");

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "embedded"})
  void theEmbeddedDatabaseIsTheDefault(String url) {
    assertThat(DatabaseConfig.of(url, DATA, null, null, 8))
        .isEqualTo(new DatabaseConfig.Embedded(DATA));
  }

  @Test
  void aPostgresUrlIsTakenWithUserAndPool() {
    assertThat(DatabaseConfig.of("jdbc:postgresql://db/ongsung", DATA, "me", "secret", 2))
        .isEqualTo(new DatabaseConfig.Postgres("jdbc:postgresql://db/ongsung", "me", "secret", 2));
  }

  @Test
  void anyOtherUrlIsRefusedWithoutShowingItsPassword() {
    assertThatThrownBy(() -> DatabaseConfig.of("jdbc:mysql://u:secret@db/x", DATA, null, null, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:mysql:")
        .hasMessageNotContaining("secret");
  }

  @Test
  void thePoolHasTwoToAHundredConnections() {
    assertThat(pool(2).poolConnections()).isEqualTo(2);
    assertThat(pool(100).poolConnections()).isEqualTo(100);
    for (int connections : new int[] {-1, 0, 1, 101}) {
      assertThatThrownBy(() -> pool(connections)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(DatabaseConfig.Postgres.DEFAULT_POOL_CONNECTIONS).isEqualTo(8);
  }

  private static DatabaseConfig.Postgres pool(int connections) {
    return new DatabaseConfig.Postgres("jdbc:postgresql://db/x", null, null, connections);
  }

  @Test
  void nothingPrintsAPassword() {
    DatabaseConfig.Postgres config =
        new DatabaseConfig.Postgres(
            "jdbc:postgresql://u:secret@db:5432/x?user=u&password=secret", "u", "secret", 8);
    assertThat(config.toString()).contains("db:5432/x").doesNotContain("secret");
    assertThat(config.shown()).doesNotContain("secret");
  }
}
