package org.ongsung.cli.show;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// JSON written as YAML for people (YAML 1.2.2). What could be read as anything but a plain text
/// stands in double quotes with JSON's escapes, which YAML shares; so does what a terminal might
/// obey.
public final class YamlText {
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}_/][\\p{L}\\p{N}_./@+-]*");
  private static final Pattern RESERVED = Pattern.compile("(?i)true|false|yes|no|on|off|null|y|n");

  private YamlText() {}

  /// The whole document, with a line feed at its end.
  public static String of(JsonNode json) {
    StringBuilder text = new StringBuilder();
    if (json.isContainer() && !json.isEmpty()) {
      block(json, 0, text);
    } else {
      text.append(inline(json)).append('\n');
    }
    return text.toString();
  }

  private static void block(JsonNode json, int indent, StringBuilder text) {
    if (json.isArray()) {
      for (JsonNode item : json) {
        text.append("  ".repeat(indent)).append("- ");
        if (item.isObject() && !item.isEmpty()) {
          StringBuilder nested = new StringBuilder();
          block(item, indent + 1, nested);
          text.append(nested.substring(2 * (indent + 1)));
        } else {
          text.append(inline(item)).append('\n');
        }
      }
      return;
    }
    json.forEachEntry((key, value) -> field(key, value, indent, text));
  }

  private static void field(String key, JsonNode value, int indent, StringBuilder text) {
    text.append("  ".repeat(indent)).append(scalar(key)).append(':');
    boolean nests = value.isContainer() && !value.isEmpty() && !(value.isArray() && isShort(value));
    if (nests) {
      text.append('\n');
      block(value, indent + 1, text);
    } else {
      text.append(' ').append(inline(value)).append('\n');
    }
  }

  private static boolean isShort(JsonNode list) {
    int length = 0;
    for (JsonNode item : list) {
      if (item.isContainer()) {
        return false;
      }
      length += inline(item).length() + 2;
    }
    return length <= 72;
  }

  private static String inline(JsonNode value) {
    if (value.isArray()) {
      StringBuilder items = new StringBuilder("[");
      for (JsonNode item : value) {
        items.append(items.length() == 1 ? "" : ", ").append(inline(item));
      }
      return items.append(']').toString();
    }
    if (value.isString()) {
      return scalar(value.asString(""));
    }
    return value.isObject() ? "{}" : value.toString();
  }

  private static String scalar(String text) {
    if (PLAIN.matcher(text).matches() && !RESERVED.matcher(text).matches()) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> append(quoted, c));
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int codePoint) {
    switch (codePoint) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case '\n' -> quoted.append("\\n");
      case '\t' -> quoted.append("\\t");
      default -> {
        switch (Character.getType(codePoint)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              quoted.append(
                  codePoint > 0xffff
                      ? String.format("\\U%08x", codePoint)
                      : String.format("\\u%04x", codePoint));
          default -> quoted.appendCodePoint(codePoint);
        }
      }
    }
  }
}
