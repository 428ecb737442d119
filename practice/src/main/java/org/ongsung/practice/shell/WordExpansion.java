package org.ongsung.practice.shell;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.ongsung.practice.shell.Script.Part;
import org.ongsung.practice.shell.Script.Word;

/// Makes a word's final words: `~`, variables, splitting at blanks, and `*`, `?`, `[…]` in file
/// names.
final class WordExpansion {
  private static final int MAX_WORD_CHARS = 128 << 10;

  private final UnaryOperator<String> variables;
  private final UnaryOperator<Path> resolve;
  private final int maxWords;

  WordExpansion(UnaryOperator<String> variables, UnaryOperator<Path> resolve, int maxWords) {
    this.variables = variables;
    this.resolve = resolve;
    this.maxWords = maxWords;
  }

  /// A word under construction; in `pattern` quoted characters that patterns know are escaped.
  private static final class Field {
    final StringBuilder text = new StringBuilder();
    final StringBuilder pattern = new StringBuilder();
    boolean magic;
    boolean begun;

    void add(String piece, boolean quoted) throws ShellSyntaxException {
      if (text.length() + piece.length() > MAX_WORD_CHARS) {
        throw new ShellSyntaxException("a word is longer than " + MAX_WORD_CHARS + " characters");
      }
      begun |= quoted || !piece.isEmpty();
      text.append(piece);
      for (int at = 0; at < piece.length(); at++) {
        char c = piece.charAt(at);
        boolean special = "*?[]\\".indexOf(c) >= 0;
        if (special && (quoted || c == '\\')) {
          pattern.append('\\');
        } else if (special && c != ']') {
          magic = true;
        }
        pattern.append(c);
      }
    }
  }

  /// All words that the words stand for.
  List<String> words(List<Word> words, Function<String, Path> paths)
      throws IOException, ShellSyntaxException {
    List<String> expanded = new ArrayList<>();
    for (Word word : words) {
      for (Field field : fields(word)) {
        List<String> matches = field.magic ? matches(field.pattern.toString(), paths) : List.of();
        if (matches.isEmpty()) {
          expanded.add(field.text.toString());
        } else {
          expanded.addAll(matches);
        }
        if (expanded.size() > maxWords) {
          throw new ShellSyntaxException("more than " + maxWords + " words");
        }
      }
    }
    return expanded;
  }

  /// The word as one text, without splitting and patterns: a redirection's target, an assignment's
  /// value.
  String single(Word word) throws ShellSyntaxException {
    StringBuilder text = new StringBuilder();
    for (Field field : fields(word)) {
      text.append(text.isEmpty() ? "" : " ").append(field.text);
    }
    return text.toString();
  }

  private List<Field> fields(Word word) throws ShellSyntaxException {
    List<Field> fields = new ArrayList<>();
    Field field = new Field();
    for (int index = 0; index < word.parts().size(); index++) {
      Part part = word.parts().get(index);
      if (!part.variable()) {
        field.add(index == 0 && !part.quoted() ? home(part.text()) : part.text(), part.quoted());
        continue;
      }
      String value = variables.apply(part.text());
      if (part.quoted()) {
        field.add(value, true);
        continue;
      }
      String[] pieces = value.split("[ \t\n]+", -1);
      for (int piece = 0; piece < pieces.length; piece++) {
        if (piece > 0 && field.begun) {
          fields.add(field);
          field = new Field();
        }
        field.add(pieces[piece], false);
      }
    }
    if (field.begun) {
      fields.add(field);
    }
    return fields;
  }

  private String home(String text) {
    if (text.equals("~") || text.startsWith("~/")) {
      return variables.apply("HOME") + text.substring(1);
    }
    return text;
  }

  private List<String> matches(String pattern, Function<String, Path> paths) throws IOException {
    List<String> found = new ArrayList<>();
    found.add(pattern.startsWith("/") ? "/" : "");
    for (String segment : pattern.split("/+", -1)) {
      if (segment.isEmpty()) {
        continue;
      }
      List<String> next = new ArrayList<>();
      for (String base : found) {
        match(base, segment, paths, next);
      }
      found = next;
    }
    found.sort(null);
    return found;
  }

  private void match(String base, String segment, Function<String, Path> paths, List<String> found)
      throws IOException {
    String prefix = base.isEmpty() || base.endsWith("/") ? base : base + "/";
    Path folder = resolve.apply(paths.apply(base.isEmpty() ? "." : base));
    if (!Files.isDirectory(folder)) {
      return;
    }
    GlobPattern glob = new GlobPattern(segment);
    try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
      for (Path each : names) {
        String name = each.getFileName().toString();
        if (glob.matches(name) && (!name.startsWith(".") || segment.startsWith("."))) {
          found.add(prefix + name);
        }
        if (found.size() > maxWords) {
          return;
        }
      }
    }
  }
}
