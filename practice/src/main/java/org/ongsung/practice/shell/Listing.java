package org.ongsung.practice.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// One file as `ls -l` shows it.
final class Listing {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private Listing() {}

  static String of(Path path, String name, ZoneId zone, boolean human) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    char kind = attributes.isDirectory() ? 'd' : attributes.isSymbolicLink() ? 'l' : '-';
    String size = human ? human(attributes.size()) : Long.toString(attributes.size());
    String target = attributes.isSymbolicLink() ? " -> " + Files.readSymbolicLink(path) : "";
    return "%c%s %2d %s %s %8s %s %s%s"
        .formatted(
            kind,
            PosixFilePermissions.toString(attributes.permissions()),
            attributes.isDirectory() ? 2 : 1,
            attributes.owner().getName(),
            attributes.group().getName(),
            size,
            TIME.format(attributes.lastModifiedTime().toInstant().atZone(zone)),
            name,
            target);
  }

  /// A size as people say it: `512`, `4.0K`, `12M`.
  static String human(long bytes) {
    String units = "KMGT";
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < units.length() - 1) {
      value /= 1024;
      unit++;
    }
    if (unit < 0) {
      return Long.toString(bytes);
    }
    return String.format(Locale.ROOT, value < 10 ? "%.1f%c" : "%.0f%c", value, units.charAt(unit));
  }
}
