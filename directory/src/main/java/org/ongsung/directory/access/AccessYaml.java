package org.ongsung.directory.access;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Writes an access document as the YAML of an access file, in a stable order: what has not changed
/// gives the same text again, so that two exports can be compared line by line.
public final class AccessYaml {
  /// What YAML takes as this very text without quotes, also in a list in brackets.
  private static final Pattern BARE =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/@+-]*(:[0-9][A-Za-z0-9._/@+-]*)*");

  /// What YAML 1.1 or 1.2 takes for something else than text; numbers are text to our reader.
  private static final Set<String> RESERVED =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

  private final StringBuilder text = new StringBuilder();

  private AccessYaml() {}

  /// The file's text, UTF-8 in mind, with a line break at its end.
  public static String write(AccessDocument document) {
    AccessYaml yaml = new AccessYaml();
    yaml.block(AccessTree.write(document), "", "");
    return yaml.text.toString();
  }

  /// @param first what stands before the first key, such as `- ` and its indent
  private void block(Map<?, ?> mapping, String first, String indent) {
    String before = first;
    for (Map.Entry<?, ?> entry : mapping.entrySet()) {
      text.append(before).append(scalar(entry.getKey())).append(':');
      before = indent;
      if (entry.getValue() instanceof List<?> items
          && !items.isEmpty()
          && (items.getFirst() instanceof Map || isLong(items))) {
        text.append('\n');
        items.forEach(item -> item(item, indent));
      } else {
        text.append(' ').append(flow(entry.getValue())).append('\n');
      }
    }
  }

  private void item(Object item, String indent) {
    if (item instanceof Map<?, ?> mapping) {
      block(mapping, indent + "  - ", indent + "    ");
    } else {
      text.append(indent).append("  - ").append(flow(item)).append('\n');
    }
  }

  private static boolean isLong(List<?> items) {
    return items.stream().mapToInt(item -> item.toString().length() + 2).sum() > 80;
  }

  private static String flow(Object value) {
    return switch (value) {
      case Map<?, ?> mapping ->
          mapping.entrySet().stream()
              .map(entry -> scalar(entry.getKey()) + ": " + flow(entry.getValue()))
              .collect(java.util.stream.Collectors.joining(", ", "{", "}"));
      case List<?> items ->
          items.stream()
              .map(AccessYaml::flow)
              .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
      case Number number -> number.toString();
      case Boolean bool -> bool.toString();
      default -> scalar(value);
    };
  }

  private static String scalar(Object value) {
    String word = value.toString();
    if (BARE.matcher(word).matches()
        && !RESERVED.contains(word.toLowerCase(java.util.Locale.ROOT))) {
      return word;
    }
    StringBuilder quoted = new StringBuilder("\"");
    word.codePoints().forEach(codePoint -> append(quoted, codePoint));
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int codePoint) {
    if (codePoint == '"' || codePoint == '\\') {
      quoted.append('\\').appendCodePoint(codePoint);
      return;
    }
    switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          quoted.append("\\U%08x".formatted(codePoint));
      default -> quoted.appendCodePoint(codePoint);
    }
  }
}
