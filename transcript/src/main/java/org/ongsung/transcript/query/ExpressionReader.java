package org.ongsung.transcript.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads a regular expression of RE2's syntax into [Node]s: for what its matches must hold and how
/// large it is. What RE2 knows and this does not is refused, so that nothing runs whose size is
/// unknown. Recursion is bounded by [#MAX_DEPTH].
final class ExpressionReader {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_REPEAT = 1_000;
  private static final int LAST = Character.MAX_CODE_POINT;
  // Behind it no character has a case.
  private static final int LAST_CASED = 0x1e943;

  private static final int[] DIGIT = {'0', '9'};
  private static final int[] SPACE = {'\t', '\n', '\f', '\r', ' ', ' '};
  private static final int[] WORD = {'0', '9', 'A', 'Z', '_', '_', 'a', 'z'};

  private final String text;
  private int at;
  private int depth;
  private boolean ignoreCase = true;
  private boolean dotAll;

  private ExpressionReader(String text) {
    this.text = text;
  }

  static Node read(String text) throws UnfitPatternException {
    ExpressionReader reader = new ExpressionReader(text);
    Node node = reader.choice();
    if (reader.at < text.length()) {
      throw reader.malformed("a closing parenthesis stands alone");
    }
    return node;
  }

  private Node choice() throws UnfitPatternException {
    if (++depth > MAX_DEPTH) {
      throw new UnfitPatternException("too-large", "groups stand too deep in each other");
    }
    List<Node> parts = new ArrayList<>();
    parts.add(sequence());
    while (at < text.length() && text.charAt(at) == '|') {
      at++;
      parts.add(sequence());
    }
    depth--;
    return parts.size() == 1 ? parts.getFirst() : new Node.Choice(parts);
  }

  private Node sequence() throws UnfitPatternException {
    List<Node> parts = new ArrayList<>();
    while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
      Node part = atom();
      parts.add(repeated(part));
    }
    return new Node.Sequence(parts);
  }

  private Node repeated(Node part) throws UnfitPatternException {
    Node node = part;
    boolean again = false;
    while (at < text.length()) {
      int[] counts = counts();
      if (counts == null) {
        return node;
      }
      if (again) {
        throw malformed("a repetition stands behind another");
      }
      again = true;
      if (at < text.length() && text.charAt(at) == '?') {
        at++; // as few as possible: the same lines match
      }
      node = new Node.Repeat(node, counts[0], counts[1]);
    }
    return node;
  }

  private int @org.jspecify.annotations.Nullable [] counts() throws UnfitPatternException {
    return switch (text.charAt(at)) {
      case '*' -> {
        at++;
        yield new int[] {0, -1};
      }
      case '+' -> {
        at++;
        yield new int[] {1, -1};
      }
      case '?' -> {
        at++;
        yield new int[] {0, 1};
      }
      case '{' -> braces();
      default -> null;
    };
  }

  private int @org.jspecify.annotations.Nullable [] braces() throws UnfitPatternException {
    int end = text.indexOf('}', at);
    String inside = end < 0 ? "" : text.substring(at + 1, end);
    if (!inside.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
      return null; // then it stands for itself, as RE2 has it
    }
    at = end + 1;
    int comma = inside.indexOf(',');
    int least = Integer.parseInt(comma < 0 ? inside : inside.substring(0, comma));
    int most = least;
    if (comma >= 0) {
      String upper = inside.substring(comma + 1);
      most = upper.isEmpty() ? -1 : Integer.parseInt(upper);
    }
    if (least > MAX_REPEAT || most > MAX_REPEAT || (most >= 0 && most < least)) {
      throw malformed("a repetition is at most 1000 times, the smaller number first");
    }
    return new int[] {least, most};
  }

  private Node atom() throws UnfitPatternException {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return switch (c) {
      case '(' -> group();
      case '[' -> new Node.Chars(set());
      case '.' -> new Node.Chars(dotAll ? new int[] {0, LAST} : without('\n'));
      case '^', '$' -> new Node.Condition();
      case '\\' -> escape();
      case '*', '+', '?' -> throw malformed("there is nothing to repeat");
      default -> new Node.Chars(cased(new int[] {c, c}));
    };
  }

  private static int[] without(int c) {
    return new int[] {0, c - 1, c + 1, LAST};
  }

  private Node group() throws UnfitPatternException {
    boolean outerCase = ignoreCase;
    boolean outerDot = dotAll;
    if (at < text.length() && text.charAt(at) == '?') {
      at++;
      if (text.startsWith("P<", at) || text.startsWith("<", at)) {
        int end = text.indexOf('>', at);
        if (end < 0) {
          throw malformed("a group's name has no end");
        }
        at = end + 1;
      } else if (!flags()) {
        return new Node.Sequence(List.of()); // they count from here to the end of the group
      }
    }
    Node inside = choice();
    if (at >= text.length() || text.charAt(at) != ')') {
      throw malformed("a parenthesis is not closed");
    }
    at++;
    ignoreCase = outerCase;
    dotAll = outerDot;
    return inside;
  }

  /// Reads flags.
  ///
  /// @return whether a group follows
  private boolean flags() throws UnfitPatternException {
    boolean on = true;
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case 'i' -> ignoreCase = on;
        case 's' -> dotAll = on;
        case 'm', 'U' -> {} // the same lines match: a line has no line feed
        case '-' -> on = false;
        case ':' -> {
          return true;
        }
        case ')' -> {
          return false;
        }
        default ->
            throw new UnfitPatternException(
                "unsupported", "a group cannot begin with (?" + c + " here");
      }
    }
    throw malformed("a parenthesis is not closed");
  }

  private Node escape() throws UnfitPatternException {
    if (at >= text.length()) {
      throw malformed("a backslash stands at the end");
    }
    char c = text.charAt(at);
    return switch (c) {
      case 'b', 'B', 'A', 'z' -> {
        at++;
        yield new Node.Condition();
      }
      case 'Q' -> {
        at++;
        yield quoted();
      }
      default -> {
        int[] kind = kind();
        yield new Node.Chars(kind.length == 2 && kind[0] == kind[1] ? cased(kind) : kind);
      }
    };
  }

  private Node quoted() {
    int end = text.indexOf("\\E", at);
    String literal = text.substring(at, end < 0 ? text.length() : end);
    at = end < 0 ? text.length() : end + 2;
    List<Node> parts = new ArrayList<>();
    literal.codePoints().forEach(p -> parts.add(new Node.Chars(cased(new int[] {p, p}))));
    return new Node.Sequence(parts);
  }

  /// What stands behind a backslash: a kind of characters, or one.
  private int[] kind() throws UnfitPatternException {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return switch (c) {
      case 'd' -> DIGIT;
      case 'D' -> complement(DIGIT);
      case 's' -> SPACE;
      case 'S' -> complement(SPACE);
      case 'w' -> WORD;
      case 'W' -> complement(WORD);
      case 'p', 'P' -> property();
      case 't' -> one('\t');
      case 'n' -> one('\n');
      case 'r' -> one('\r');
      case 'f' -> one('\f');
      case 'a' -> one(7);
      case 'v' -> one(11);
      case 'x' -> one(hexadecimal());
      default -> {
        if (c < 0x80 && Character.isLetterOrDigit(c)) {
          throw new UnfitPatternException("unsupported", "\\" + (char) c + " is not known");
        }
        yield one(c);
      }
    };
  }

  private static int[] one(int c) {
    return new int[] {c, c};
  }

  /// A class of Unicode, of which nothing is known here but that it is some characters.
  private int[] property() throws UnfitPatternException {
    if (at < text.length() && text.charAt(at) == '{') {
      int end = text.indexOf('}', at);
      if (end < 0) {
        throw malformed("a class has no end");
      }
      at = end + 1;
    } else {
      at++;
    }
    return new int[] {0, LAST};
  }

  private int hexadecimal() throws UnfitPatternException {
    int end = at < text.length() && text.charAt(at) == '{' ? text.indexOf('}', at) : at + 2;
    String digits =
        end < 0 || end > text.length()
            ? ""
            : text.charAt(at) == '{' ? text.substring(at + 1, end) : text.substring(at, end);
    if (!digits.matches("[0-9A-Fa-f]{1,6}")) {
      throw malformed("\\x needs two hexadecimal digits, or some in braces");
    }
    at = text.charAt(at) == '{' ? end + 1 : end;
    int c = Integer.parseInt(digits, 16);
    if (c > LAST) {
      throw malformed("there is no such character");
    }
    return c;
  }

  private int[] set() throws UnfitPatternException {
    boolean negated = at < text.length() && text.charAt(at) == '^';
    if (negated) {
      at++;
    }
    List<int[]> ranges = new ArrayList<>();
    boolean first = true;
    while (at < text.length() && (first || text.charAt(at) != ']')) {
      first = false;
      int[] named = named();
      if (named != null) {
        addAll(ranges, named);
        continue;
      }
      int[] low = member();
      if (low.length == 2
          && low[0] == low[1]
          && at + 1 < text.length()
          && text.charAt(at) == '-'
          && text.charAt(at + 1) != ']') {
        at++;
        int[] high = member();
        if (high.length != 2 || high[0] != high[1] || high[0] < low[0]) {
          throw malformed("a range of characters goes backwards");
        }
        ranges.add(new int[] {low[0], high[0]});
      } else {
        addAll(ranges, low);
      }
    }
    if (at >= text.length()) {
      throw malformed("a bracket is not closed");
    }
    at++;
    int[] all = cased(flat(ranges));
    return negated ? complement(all) : all;
  }

  private int[] member() throws UnfitPatternException {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    if (c != '\\') {
      return one(c);
    }
    if (at >= text.length()) {
      throw malformed("a bracket is not closed");
    }
    return kind();
  }

  private int @org.jspecify.annotations.Nullable [] named() throws UnfitPatternException {
    if (!text.startsWith("[:", at)) {
      return null;
    }
    int end = text.indexOf(":]", at);
    if (end < 0) {
      return null;
    }
    String name = text.substring(at + 2, end).toLowerCase(Locale.ROOT);
    at = end + 2;
    return switch (name) {
      case "digit" -> DIGIT;
      case "space" -> new int[] {'\t', '\r', ' ', ' '};
      case "word" -> WORD;
      case "alpha" -> new int[] {'A', 'Z', 'a', 'z'};
      case "alnum" -> new int[] {'0', '9', 'A', 'Z', 'a', 'z'};
      case "lower" -> new int[] {'a', 'z'};
      case "upper" -> new int[] {'A', 'Z'};
      case "punct" -> new int[] {'!', '/', ':', '@', '[', '`', '{', '~'};
      case "xdigit" -> new int[] {'0', '9', 'A', 'F', 'a', 'f'};
      default -> throw new UnfitPatternException("unsupported", "[:" + name + ":] is not known");
    };
  }

  private static void addAll(List<int[]> ranges, int[] pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      ranges.add(new int[] {pairs[i], pairs[i + 1]});
    }
  }

  private static int[] flat(List<int[]> ranges) {
    ranges.sort((a, b) -> Integer.compare(a[0], b[0]));
    List<int[]> joined = new ArrayList<>();
    for (int[] range : ranges) {
      if (!joined.isEmpty() && range[0] <= joined.getLast()[1] + 1) {
        joined.getLast()[1] = Math.max(joined.getLast()[1], range[1]);
      } else {
        joined.add(range.clone());
      }
    }
    return joined.stream().flatMapToInt(java.util.Arrays::stream).toArray();
  }

  private static int[] complement(int[] ranges) {
    List<int[]> left = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      if (ranges[i] > next) {
        left.add(new int[] {next, ranges[i] - 1});
      }
      next = ranges[i + 1] + 1;
    }
    if (next <= LAST) {
      left.add(new int[] {next, LAST});
    }
    return flat(left);
  }

  /// With the other cases of the characters, where case does not count.
  private int[] cased(int[] ranges) {
    if (!ignoreCase) {
      return ranges;
    }
    List<int[]> all = new ArrayList<>();
    addAll(all, ranges);
    for (int i = 0; i < ranges.length; i += 2) {
      for (int c = ranges[i]; c <= Math.min(ranges[i + 1], LAST_CASED); c++) {
        CaseVariants.of(c, all);
      }
    }
    return flat(all);
  }

  private UnfitPatternException malformed(String problem) {
    return new UnfitPatternException("malformed", problem);
  }
}
