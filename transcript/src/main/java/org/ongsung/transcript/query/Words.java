package org.ongsung.transcript.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Parts of a line, all of which must stand in it, in any order, whatever their case. What stands
/// between double quotes is one part, with its blanks; else blanks part them.
public final class Words implements LinePattern {
  /// The most parts, inclusive.
  public static final int MAX_WORDS = 20;

  private final List<String> words;
  private final Needs needs;

  private Words(List<String> words) {
    this.words = words;
    this.needs =
        Needs.all(words.stream().map(word -> Needs.holding(word.codePoints().toArray())).toList());
  }

  /// Reads what a person typed.
  ///
  /// @throws UnfitPatternException when there are too many parts, or none
  public static Words of(String typed) throws UnfitPatternException {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < typed.length(); i++) {
      char c = typed.charAt(i);
      if (c == '"') {
        quoted = !quoted && typed.indexOf('"', i + 1) >= 0;
        add(words, word);
      } else if (!quoted && Character.isWhitespace(c)) {
        add(words, word);
      } else {
        word.append(c);
      }
    }
    add(words, word);
    if (words.isEmpty()) {
      throw new UnfitPatternException("empty", "there is nothing to look for");
    }
    if (words.size() > MAX_WORDS) {
      throw new UnfitPatternException("too-large", "at most 20 words");
    }
    return new Words(List.copyOf(words));
  }

  private static void add(List<String> words, StringBuilder word) {
    if (!word.isEmpty()) {
      words.add(Fold.text(word.toString()));
      word.setLength(0);
    }
  }

  @Override
  public Needs needs() {
    return needs;
  }

  @Override
  public boolean mayMatch(byte[] utf8, int offset, int length) {
    return true;
  }

  @Override
  public boolean matches(String text) {
    String folded = Fold.text(text);
    for (String word : words) {
      if (!folded.contains(word)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public List<int[]> marks(String text, int most, long untilNanos) {
    String folded = Fold.text(text);
    List<int[]> marks = new ArrayList<>();
    if (folded.length() != text.length()) {
      return marks; // not composed as stored lines are
    }
    for (String word : words) {
      for (int at = folded.indexOf(word);
          at >= 0 && marks.size() < most;
          at = folded.indexOf(word, at + word.length())) {
        marks.add(new int[] {at, at + word.length()});
      }
    }
    marks.sort(Comparator.comparingInt(mark -> mark[0]));
    return apart(marks);
  }

  /// Without those that begin within the one before.
  private static List<int[]> apart(List<int[]> marks) {
    List<int[]> apart = new ArrayList<>();
    for (int[] mark : marks) {
      if (!apart.isEmpty() && mark[0] < apart.getLast()[1]) {
        apart.getLast()[1] = Math.max(apart.getLast()[1], mark[1]);
      } else {
        apart.add(mark);
      }
    }
    return apart;
  }
}
