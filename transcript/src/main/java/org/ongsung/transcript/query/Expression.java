package org.ongsung.transcript.query;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.ByteRunAutomaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;
import org.jspecify.annotations.Nullable;

/// A regular expression of RE2's syntax, found anywhere in a line, whatever the case unless it says
/// `(?-i)`.
///
/// Matching takes time linear in the line: RE2/J decides. Before it an automaton over the line's
/// bytes turns away most lines at a tenth of the cost, where the expression has one that is small
/// enough.
public final class Expression implements LinePattern {
  /// The longest expression, in characters, inclusive.
  public static final int MAX_CHARACTERS = 500;

  /// The most instructions that an expression may become, inclusive.
  public static final int MAX_SIZE = 5_000;

  private static final int MAX_AUTOMATON_WORK = 20_000;
  private static final int MAX_AUTOMATON_SIZE = 500;

  private final Pattern pattern;
  private final Needs needs;
  private final @Nullable ByteRunAutomaton automaton;

  private Expression(Pattern pattern, Node node) {
    this.pattern = pattern;
    this.needs = needs(node);
    this.automaton = automaton(node);
  }

  /// Reads what a person typed.
  ///
  /// @throws UnfitPatternException when it is not one, or would become too large
  public static Expression of(String typed) throws UnfitPatternException {
    if (typed.isBlank()) {
      throw new UnfitPatternException("empty", "there is nothing to look for");
    }
    if (typed.length() > MAX_CHARACTERS) {
      throw new UnfitPatternException("too-large", "at most 500 characters");
    }
    String composed = java.text.Normalizer.normalize(typed, java.text.Normalizer.Form.NFC);
    Node node = ExpressionReader.read(composed);
    if (node.size() > MAX_SIZE) {
      throw new UnfitPatternException("too-large", "the expression repeats too much");
    }
    try {
      return new Expression(Pattern.compile(composed, Pattern.CASE_INSENSITIVE), node);
    } catch (PatternSyntaxException e) {
      throw new UnfitPatternException("malformed", String.valueOf(e.getDescription()));
    }
  }

  @Override
  public Needs needs() {
    return needs;
  }

  @Override
  public boolean mayMatch(byte[] utf8, int offset, int length) {
    ByteRunAutomaton run = automaton;
    if (run == null) {
      return true;
    }
    int state = 0;
    for (int i = offset; !run.isAccept(state); i++) {
      if (i == offset + length) {
        return false;
      }
      state = run.step(state, utf8[i] & 0xff);
      if (state < 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean matches(String text) {
    return pattern.matcher(text).find();
  }

  @Override
  public List<int[]> marks(String text, int most, long untilNanos) {
    List<int[]> marks = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (marks.size() < most && System.nanoTime() - untilNanos < 0 && matcher.find()) {
      if (matcher.end() > matcher.start()) {
        marks.add(new int[] {matcher.start(), matcher.end()});
      }
    }
    return marks;
  }

  private static Needs needs(Node node) {
    return switch (node) {
      case Node.Chars chars -> {
        int single = chars.single();
        yield single < 0 ? Needs.NOTHING : Needs.holding(new int[] {single});
      }
      case Node.Sequence(List<Node> parts) -> ofSequence(parts);
      case Node.Choice(List<Node> parts) ->
          Needs.any(parts.stream().map(Expression::needs).toList());
      case Node.Repeat(Node part, int least, int _) -> least == 0 ? Needs.NOTHING : needs(part);
      case Node.Condition() -> Needs.NOTHING;
    };
  }

  private static Needs ofSequence(List<Node> parts) {
    List<Needs> needs = new ArrayList<>();
    List<Integer> literal = new ArrayList<>();
    for (Node part : flattened(parts)) {
      int single = part instanceof Node.Chars chars ? chars.single() : -1;
      if (single >= 0) {
        literal.add(single);
      } else if (!(part instanceof Node.Condition)) {
        end(literal, needs);
        needs.add(needs(part));
      }
    }
    end(literal, needs);
    return Needs.all(needs);
  }

  private static List<Node> flattened(List<Node> parts) {
    List<Node> flat = new ArrayList<>();
    for (Node part : parts) {
      if (part instanceof Node.Sequence(List<Node> inner)) {
        flat.addAll(flattened(inner));
      } else {
        flat.add(part);
      }
    }
    return flat;
  }

  private static void end(List<Integer> literal, List<Needs> needs) {
    if (!literal.isEmpty()) {
      needs.add(Needs.holding(literal.stream().mapToInt(Integer::intValue).toArray()));
      literal.clear();
    }
  }

  /// An automaton that accepts what comes up to the end of a match, or null where it would be
  /// large.
  private static @Nullable ByteRunAutomaton automaton(Node node) {
    if (node.size() > MAX_AUTOMATON_SIZE) {
      return null;
    }
    try {
      Automaton found = Operations.concatenate(List.of(Automata.makeAnyString(), of(node)));
      return new ByteRunAutomaton(Operations.determinize(found, MAX_AUTOMATON_WORK));
    } catch (TooComplexToDeterminizeException e) {
      return null;
    }
  }

  private static Automaton of(Node node) {
    return switch (node) {
      case Node.Chars chars -> {
        int[] ranges = chars.ranges();
        int pairs = ranges.length / 2;
        int[] first = new int[pairs];
        int[] last = new int[pairs];
        for (int i = 0; i < pairs; i++) {
          first[i] = ranges[2 * i];
          last[i] = ranges[2 * i + 1];
        }
        yield Automata.makeCharClass(first, last);
      }
      case Node.Sequence(List<Node> parts) ->
          parts.isEmpty()
              ? Automata.makeEmptyString()
              : Operations.concatenate(parts.stream().map(Expression::of).toList());
      case Node.Choice(List<Node> parts) ->
          Operations.union(parts.stream().map(Expression::of).toList());
      case Node.Repeat(Node part, int least, int most) ->
          most < 0 ? Operations.repeat(of(part), least) : Operations.repeat(of(part), least, most);
      // Taken for true: RE2/J decides what is left.
      case Node.Condition() -> Automata.makeEmptyString();
    };
  }
}
