package org.ongsung.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilePathTest {
  @Test
  void whatAPathSaysReadsBackByteForByte() {
    Random random = new Random(7);
    for (int run = 0; run < 5_000; run++) {
      byte[] name = new byte[1 + random.nextInt(12)];
      random.nextBytes(name);
      for (int i = 0; i < name.length; i++) {
        // Many escapes that are none, and bytes that are no UTF-8.
        name[i] = random.nextInt(3) == 0 ? (byte) "%4aF".charAt(random.nextInt(4)) : name[i];
        name[i] = name[i] == 0 || name[i] == '/' ? (byte) '.' : name[i];
      }
      if (FilePath.isName(name)) {
        FilePath path = FilePath.parse("/a").child(name);
        assertThat(FilePath.parse(path.text())).isEqualTo(path);
        assertThat(path.text().chars()).allMatch(c -> c >= ' ' && c != 0x7F);
      }
    }
  }

  @Test
  void ordinaryNamesStandAsTheyAre() {
    assertThat(FilePath.parse("/home/철수/100%.txt").text()).isEqualTo("/home/철수/100%.txt");
    assertThat(FilePath.parse("/a%0Ab").bytes())
        .isEqualTo("/a\nb".getBytes(StandardCharsets.UTF_8));
    assertThat(FilePath.parse("//a///b/").text()).isEqualTo("/a/b");
    assertThat(FilePath.parse("/a/b").parent().text()).isEqualTo("/a");
    assertThat(FilePath.parse("/a").parent().parent().isRoot()).isTrue();
  }

  @Test
  void noPartLeadsElsewhere() {
    for (String bad : new String[] {"", "a", "/a/../b", "/.", "/a/..", "/a%00b", "/%2e%2e/b"}) {
      assertThatThrownBy(() -> FilePath.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String bad : new String[] {"", ".", "..", "a/b", "a\0"}) {
      assertThatThrownBy(() -> FilePath.parse("/").child(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aPathHasAtMost4096Bytes() {
    assertThat(FilePath.parse("/" + "a".repeat(4_095)).bytes()).hasSize(4_096);
    assertThatThrownBy(() -> FilePath.parse("/" + "a".repeat(4_096)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
