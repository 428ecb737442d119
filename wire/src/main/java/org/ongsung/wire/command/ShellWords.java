package org.ongsung.wire.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Splits a line into words by the quoting rules of POSIX.1-2017, XCU section 2.2.
final class ShellWords {
  private static final String META = ";&|<>$`()\n{}#!";

  private final String line;
  private final int maxWords;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int at;

  private ShellWords(String line, int maxWords) {
    this.line = line;
    this.maxWords = maxWords;
  }

  /// The words, or nothing if the line holds more than plain words: expansions, redirections,
  /// several commands, an open quote, too many words.
  static Optional<List<String>> split(String line, int maxWords) {
    ShellWords split = new ShellWords(line, maxWords);
    return split.run() ? Optional.of(split.words) : Optional.empty();
  }

  private boolean run() {
    while (at < line.length()) {
      char c = line.charAt(at++);
      boolean plain =
          switch (c) {
            case ' ', '\t' -> endWord();
            case '\'' -> singleQuoted();
            case '"' -> doubleQuoted();
            case '\\' -> at < line.length() && append(line.charAt(at++));
            default -> META.indexOf(c) < 0 && append(c);
          };
      if (!plain) {
        return false;
      }
    }
    return endWord();
  }

  private boolean singleQuoted() {
    int close = line.indexOf('\'', at);
    if (close < 0) {
      return false;
    }
    inWord = true;
    word.append(line, at, close);
    at = close + 1;
    return true;
  }

  private boolean doubleQuoted() {
    inWord = true;
    while (at < line.length()) {
      char c = line.charAt(at++);
      switch (c) {
        case '"' -> {
          return true;
        }
        case '$', '`' -> {
          return false;
        }
        case '\\' -> {
          if (at >= line.length()) {
            return false;
          }
          char escaped = line.charAt(at++);
          if ("$`\"\\\n".indexOf(escaped) < 0) {
            word.append('\\');
          }
          word.append(escaped);
        }
        default -> word.append(c);
      }
    }
    return false;
  }

  private boolean append(char c) {
    inWord = true;
    word.append(c);
    return true;
  }

  private boolean endWord() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
    return words.size() <= maxWords;
  }
}
