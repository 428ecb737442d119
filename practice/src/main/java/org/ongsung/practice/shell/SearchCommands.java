package org.ongsung.practice.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Commands that look for text and for files.
final class SearchCommands {
  /// How many steps a pattern may take on one line, in characters looked at.
  private static final int MAX_STEPS = 2_000_000;

  private SearchCommands() {}

  static void addTo(Map<String, Command> all) {
    all.put("grep", SearchCommands::grep);
    all.put("find", SearchCommands::find);
  }

  private static int grep(Invocation call) throws IOException {
    var options = call.options("ivncqhHrElF");
    if (options == null) {
      return 2;
    }
    if (options.operands().isEmpty()) {
      call.fail("usage: grep [-ivncqrElF] PATTERN [FILE]…");
      return 2;
    }
    Predicate<String> pattern = matcher(call, options);
    if (pattern == null) {
      return 2;
    }
    List<String> operands = options.operands().subList(1, options.operands().size());
    List<String> files = options.has('r') ? below(call, operands) : operands;
    boolean named = (files.size() > 1 || options.has('r') || options.has('H')) && !options.has('h');
    long[] matches = {0};
    int status =
        call.inputs(
            files,
            (operand, in) ->
                matches[0] +=
                    grep(call, options, pattern, in, named ? operand + ":" : "", operand));
    return status != 0 ? 2 : matches[0] > 0 ? 0 : 1;
  }

  private static @Nullable Predicate<String> matcher(Invocation call, Invocation.Options options)
      throws IOException {
    int flags = options.has('i') ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    flags |= options.has('F') ? Pattern.LITERAL : 0;
    try {
      Pattern pattern = Pattern.compile(options.operands().getFirst(), flags);
      boolean wanted = !options.has('v');
      return line -> find(pattern, new Bounded(line, call.job())) == wanted;
    } catch (PatternSyntaxException e) {
      call.fail("bad pattern: " + e.getDescription());
      return null;
    }
  }

  private static boolean find(Pattern pattern, Bounded line) {
    try {
      return pattern.matcher(line).find();
    } catch (StackOverflowError e) {
      // Groups that repeat recurse once a character.
      throw new TooManySteps();
    }
  }

  private static long grep(
      Invocation call,
      Invocation.Options options,
      Predicate<String> pattern,
      InputStream in,
      String prefix,
      String operand)
      throws IOException {
    long[] counts = {0, 0};
    boolean silent = options.has('c') || options.has('q') || options.has('l');
    try {
      call.lines(
          in,
          line -> {
            counts[0]++;
            if (pattern.test(line)) {
              counts[1]++;
              if (!silent) {
                call.println(prefix + (options.has('n') ? counts[0] + ":" : "") + line);
              }
            }
            return !options.has('q') || counts[1] == 0;
          });
    } catch (TooManySteps e) {
      call.job().check();
      throw new IOException("the pattern takes too long on line " + counts[0], e);
    }
    if (options.has('c')) {
      call.println(prefix + counts[1]);
    } else if (options.has('l') && counts[1] > 0) {
      call.println(operand);
    }
    return counts[1];
  }

  private static List<String> below(Invocation call, List<String> operands) throws IOException {
    List<String> files = new ArrayList<>();
    for (String operand : operands.isEmpty() ? List.of(".") : operands) {
      walk(
          call,
          call.path(operand),
          operand,
          (path, name) -> {
            if (Files.isRegularFile(path)) {
              files.add(name);
            }
          });
    }
    return files;
  }

  private interface Visit {
    void at(Path path, String name) throws IOException;
  }

  private static void walk(Invocation call, Path path, String name, Visit visit)
      throws IOException {
    call.job().check();
    visit.at(path, name);
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
      stream.forEach(children::add);
    }
    children.sort(null);
    for (Path child : children) {
      String base = name.endsWith("/") ? name : name + "/";
      walk(call, child, base + child.getFileName(), visit);
    }
  }

  private static int find(Invocation call) throws IOException {
    List<String> roots = new ArrayList<>();
    GlobPattern name = new GlobPattern("*");
    String type = "";
    ArrayDeque<String> words = new ArrayDeque<>(call.arguments());
    while (!words.isEmpty()) {
      String word = words.removeFirst();
      if (!word.startsWith("-")) {
        roots.add(word);
      } else if (word.equals("-name") && !words.isEmpty()) {
        name = new GlobPattern(words.removeFirst());
      } else if (word.equals("-type") && !words.isEmpty()) {
        type = words.removeFirst();
      } else {
        return call.fail("known are -name PATTERN and -type f|d|l");
      }
    }
    int status = 0;
    for (String root : roots.isEmpty() ? List.of(".") : roots) {
      try {
        status |= find(call, root, name, type);
      } catch (IOException e) {
        status = call.fail(root, e);
      }
    }
    return status;
  }

  private static int find(Invocation call, String root, GlobPattern name, String type)
      throws IOException {
    Path start = call.path(root);
    if (!Files.exists(start, LinkOption.NOFOLLOW_LINKS)) {
      return call.fail("'" + root + "': No such file or directory");
    }
    walk(
        call,
        start,
        root,
        (path, shown) -> {
          Path last = path.getFileName();
          if (hasType(path, type) && name.matches(last == null ? "/" : last.toString())) {
            call.println(shown);
          }
        });
    return 0;
  }

  private static boolean hasType(Path path, String type) {
    return switch (type) {
      case "f" -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
      case "d" -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      case "l" -> Files.isSymbolicLink(path);
      default -> type.isEmpty();
    };
  }

  /// A line that a pattern may look at only so often: patterns come from strangers, and some take
  /// for ever.
  private static final class Bounded implements CharSequence {
    private final CharSequence line;
    private final Job job;
    private int steps;

    Bounded(CharSequence line, Job job) {
      this.line = line;
      this.job = job;
    }

    @Override
    public char charAt(int index) {
      if (++steps > MAX_STEPS + line.length() * 4L || job.interrupted()) {
        throw new TooManySteps();
      }
      return line.charAt(index);
    }

    @Override
    public int length() {
      return line.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return line.subSequence(start, end);
    }

    @Override
    public String toString() {
      return line.toString();
    }
  }

  private static final class TooManySteps extends RuntimeException {
    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }
}
