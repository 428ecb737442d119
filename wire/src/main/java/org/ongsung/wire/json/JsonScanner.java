package org.ongsung.wire.json;

/// Reads the little JSON that a recording's lines hold (RFC 8259), one line at a time, without
/// building a tree. Values stand at most 16 deep in each other. Not for several threads.
public final class JsonScanner {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER_CHARS = 40;

  private final String line;
  private int at;
  private int depth;

  public JsonScanner(String line) {
    this.line = line;
  }

  /// Takes the character, white space before it too, or fails.
  public void expect(char c) {
    if (!take(c)) {
      throw wrong("'" + c + "' is missing");
    }
  }

  /// Takes the character if it is next.
  public boolean take(char c) {
    skipSpace();
    if (at < line.length() && line.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  /// Fails unless the line ends here, white space aside.
  public void expectEnd() {
    skipSpace();
    if (at < line.length()) {
      throw wrong("something stands after the end");
    }
  }

  /// Whether the character is next, white space aside.
  public boolean nextIs(char c) {
    skipSpace();
    return at < line.length() && line.charAt(at) == c;
  }

  /// Takes a string.
  public String string() {
    expect('"');
    StringBuilder text = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return text.toString();
      }
      if (c < 0x20) {
        throw wrong("a control character stands in a string");
      }
      text.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        int value = 0;
        for (int digit = 0; digit < 4; digit++) {
          int hex = Character.digit(next(), 16);
          if (hex < 0) {
            throw wrong("an escape is not four hexadecimal digits");
          }
          value = value << 4 | hex;
        }
        yield (char) value;
      }
      default -> throw wrong("an escape is unknown");
    };
  }

  /// Takes a number; one beyond 40 characters is none.
  public double number() {
    skipSpace();
    int start = at;
    while (at < line.length() && "+-.eE0123456789".indexOf(line.charAt(at)) >= 0) {
      at++;
    }
    if (at == start || at - start > MAX_NUMBER_CHARS) {
      throw wrong("a number is missing");
    }
    try {
      return Double.parseDouble(line.substring(start, at));
    } catch (NumberFormatException e) {
      throw wrong("a number is missing");
    }
  }

  /// Passes over any value.
  public void skipValue() {
    if (++depth > MAX_DEPTH) {
      throw wrong("values stand too deep in each other");
    }
    skipSpace();
    switch (at < line.length() ? line.charAt(at) : ' ') {
      case '"' -> string();
      case '{' -> skipMembers();
      case '[' -> skipItems();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    }
    depth--;
  }

  private void skipMembers() {
    expect('{');
    if (take('}')) {
      return;
    }
    do {
      string();
      expect(':');
      skipValue();
    } while (take(','));
    expect('}');
  }

  private void skipItems() {
    expect('[');
    if (take(']')) {
      return;
    }
    do {
      skipValue();
    } while (take(','));
    expect(']');
  }

  private void word(String word) {
    if (!line.startsWith(word, at)) {
      throw wrong("a value is missing");
    }
    at += word.length();
  }

  private char next() {
    if (at >= line.length()) {
      throw wrong("it ends too early");
    }
    return line.charAt(at++);
  }

  private void skipSpace() {
    while (at < line.length() && " \t\r".indexOf(line.charAt(at)) >= 0) {
      at++;
    }
  }

  /// What to throw when a value is not what it should be.
  public Malformed wrong(String problem) {
    return new Malformed(problem);
  }

  /// The line is not what it should be; the decoder knows which line it is.
  public static final class Malformed extends RuntimeException {
    Malformed(String problem) {
      super(problem, null, false, false);
    }
  }
}
