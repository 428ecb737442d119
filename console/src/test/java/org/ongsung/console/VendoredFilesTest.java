package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class VendoredFilesTest {
  private static final Path FOLDER = Path.of("src/main/resources/org/ongsung/console/assets");

  @Test
  void everyVendoredFileIsTheOneThatWasTakenAndNoneIsUnlisted() throws Exception {
    Map<String, String> listed = new TreeMap<>();
    var rows = Pattern.compile("\\| (vendor/\\S+) \\| ([0-9a-f]{64}) \\|");
    var found = rows.matcher(Files.readString(FOLDER.resolve("VENDORED.md")));
    while (found.find()) {
      listed.put(found.group(1), found.group(2));
    }
    Map<String, String> there = new TreeMap<>();
    try (var files = Files.walk(FOLDER.resolve("vendor"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        there.put(
            FOLDER.relativize(file).toString().replace('\\', '/'), HexFormat.of().formatHex(sum));
      }
    }
    assertThat(there).isEqualTo(listed).hasSizeGreaterThan(90);
  }
}
