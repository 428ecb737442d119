package org.ongsung.directory.bulk;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessExporter;
import org.ongsung.directory.access.AccessTree;
import org.ongsung.directory.access.UserEntry;
import org.ongsung.model.Name;

/// Users, one a line. Passwords are no column: whoever has none yet is given one afterwards, or
/// logs in with a key.
final class UserLines extends CsvLines<UserEntry> {
  static final Set<Column> COLUMNS =
      EnumSet.of(
          Column.NAME,
          Column.TITLE,
          Column.ROLES,
          Column.GROUPS,
          Column.ACTIVE,
          Column.PUBLIC_KEYS);

  private static final Map<String, String> ROLES =
      Map.of("사용자", "user", "감사자", "auditor", "관리자", "admin");

  private static final Set<String> YES = Set.of("true", "yes", "y", "1", "예", "네", "o", "사용");
  private static final Set<String> NO = Set.of("false", "no", "n", "0", "아니요", "아니오", "x", "중지");

  /// A semicolon parts two keys only where another key follows: comments may hold one.
  private static final Pattern BETWEEN_KEYS = Pattern.compile("\\R|;\\s*(?=(?:ssh|ecdsa|sk)-)");

  private final DirectorySnapshot now;

  UserLines(DirectorySnapshot now, Findings findings) {
    super(COLUMNS, findings);
    this.now = now;
  }

  @Override
  Optional<Map<String, Object>> there(Name name) {
    return now.user(name).map(AccessExporter::export).map(AccessTree::write);
  }

  @Override
  void lay(Cells cells, Map<String, Object> tree) {
    cells.text(Column.TITLE, "title", tree);
    cells
        .said(Column.ROLES)
        .ifPresent(
            text ->
                tree.put(
                    "roles",
                    words(text).stream()
                        .map(role -> role.toLowerCase(Locale.ROOT))
                        .map(role -> ROLES.getOrDefault(role, role))
                        .toList()));
    cells.said(Column.GROUPS).ifPresent(text -> tree.put("groups", words(text)));
    cells.said(Column.ACTIVE).ifPresent(text -> tree.put("active", isYes(text)));
    cells.said(Column.PUBLIC_KEYS).ifPresent(text -> tree.put("publicKeys", keys(text)));
  }

  /// Names hold no space and no comma, so both part them too.
  static List<String> words(String text) {
    return Arrays.stream(text.split("[\\s,;]+", -1)).filter(word -> !word.isEmpty()).toList();
  }

  static List<String> keys(String text) {
    return Arrays.stream(BETWEEN_KEYS.split(text, -1))
        .map(String::strip)
        .filter(key -> !key.isEmpty())
        .toList();
  }

  private static boolean isYes(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (!YES.contains(word) && !NO.contains(word)) {
      throw new IllegalArgumentException("active is yes or no, not \"" + text + "\"");
    }
    return YES.contains(word);
  }

  @Override
  UserEntry entry(Name name, Map<String, Object> tree) throws AccessDocumentException {
    return AccessTree.readUser(name, tree);
  }
}
