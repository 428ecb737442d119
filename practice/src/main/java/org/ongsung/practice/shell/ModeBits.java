package org.ongsung.practice.shell;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file's permissions as octal digits, `644`, and back.
final class ModeBits {
  private ModeBits() {}

  /// The permissions of three octal digits, or of four whose first is left out.
  static Set<PosixFilePermission> parse(String octal) {
    int bits = Integer.parseInt(octal, 8);
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((bits >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    return PosixFilePermissions.fromString(text.toString());
  }

  /// Four octal digits: `0644`.
  static String format(Set<PosixFilePermission> permissions) {
    int bits = 0;
    String text = PosixFilePermissions.toString(permissions);
    for (int at = 0; at < text.length(); at++) {
      bits = bits << 1 | (text.charAt(at) == '-' ? 0 : 1);
    }
    return "%04o".formatted(bits);
  }
}
