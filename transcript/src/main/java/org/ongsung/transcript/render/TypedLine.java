package org.ongsung.transcript.render;

/// What typed keys make of an empty line, as line editors commonly have it: for telling a prompt
/// from what was typed behind it. Knows nothing of history and completion; then [#isCertain] is
/// false.
final class TypedLine {
  private final StringBuilder text = new StringBuilder();
  private final int most;
  private int cursor;
  private boolean certain = true;

  TypedLine(int most) {
    this.most = most;
  }

  void clear() {
    text.setLength(0);
    cursor = 0;
    certain = true;
  }

  boolean isCertain() {
    return certain;
  }

  String text() {
    return text.toString();
  }

  /// Takes keys.
  void take(String keys) {
    for (int i = 0; i < keys.length(); i++) {
      char c = keys.charAt(i);
      if (c == 0x1b) {
        i += escape(keys, i);
      } else if (c >= ' ' && c != 0x7f) {
        if (text.length() < most) {
          text.insert(cursor, c);
          cursor++;
        }
      } else {
        control(c);
      }
    }
  }

  private void control(char c) {
    switch (c) {
      case 0x01 -> cursor = 0;
      case 0x05 -> cursor = text.length();
      case 0x02 -> left();
      case 0x06 -> cursor = Math.min(text.length(), cursor + 1);
      case 0x08, 0x7f -> {
        int end = cursor;
        left();
        text.delete(cursor, end);
      }
      case 0x0b -> text.setLength(cursor);
      case 0x15 -> {
        text.delete(0, cursor);
        cursor = 0;
      }
      case 0x17 -> word();
      case '\r', '\n' -> {}
      default -> certain = false;
    }
  }

  private void left() {
    if (cursor > 0) {
      cursor -= Character.charCount(text.codePointBefore(cursor));
    }
  }

  private void word() {
    int end = cursor;
    while (cursor > 0 && text.charAt(cursor - 1) == ' ') {
      cursor--;
    }
    while (cursor > 0 && text.charAt(cursor - 1) != ' ') {
      cursor--;
    }
    text.delete(cursor, end);
  }

  /// A key that sends a sequence.
  ///
  /// @return how many characters it has behind the escape
  private int escape(String keys, int at) {
    if (keys.startsWith("[D", at + 1)) {
      left();
    } else if (keys.startsWith("[C", at + 1)) {
      cursor = Math.min(text.length(), cursor + 1);
    } else if (keys.startsWith("[H", at + 1) || keys.startsWith("OH", at + 1)) {
      cursor = 0;
    } else if (keys.startsWith("[F", at + 1) || keys.startsWith("OF", at + 1)) {
      cursor = text.length();
    } else {
      certain = false;
    }
    int end = at + 1;
    if (end < keys.length() && (keys.charAt(end) == '[' || keys.charAt(end) == 'O')) {
      end++;
      while (end < keys.length() && keys.charAt(end) < '@') {
        end++;
      }
    }
    return end - at;
  }
}
