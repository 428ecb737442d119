package org.ongsung.gateway.files;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that lies at a target.
///
/// @param size in bytes; -1 where the target does not say
/// @param modified null where the target does not say
/// @param mode POSIX file mode, type and permissions; -1 where the target does not say
public record FileEntry(FilePath path, Kind kind, long size, @Nullable Instant modified, int mode) {
  private static final String LETTERS = "rwxrwxrwx";

  /// What it is.
  public enum Kind {
    FOLDER("folder"),
    FILE("file"),
    /// A symbolic link, wherever it leads.
    LINK("link"),
    /// A device, a pipe, a socket: nothing that has a content to carry away.
    OTHER("other");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /// The stable word.
    public String text() {
      return text;
    }

    /// What a mode says; a file where it says nothing.
    public static Kind of(int mode) {
      return switch (mode < 0 ? 0 : mode & 0xF000) {
        case 0x4000 -> FOLDER;
        case 0xA000 -> LINK;
        case 0x8000, 0 -> FILE;
        default -> OTHER;
      };
    }
  }

  /// The mode as `ls` writes it; empty where the target does not say.
  public String modeText() {
    if (mode < 0) {
      return "";
    }
    StringBuilder text = new StringBuilder(10);
    text.append(
        switch (kind) {
          case FOLDER -> 'd';
          case LINK -> 'l';
          case FILE -> '-';
          case OTHER -> '?';
        });
    for (int bit = 0; bit < 9; bit++) {
      text.append((mode & (0x100 >> bit)) != 0 ? LETTERS.charAt(bit) : '-');
    }
    return text.toString();
  }
}
