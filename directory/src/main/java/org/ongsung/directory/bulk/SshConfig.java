package org.ongsung.directory.bulk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Reads the configuration of OpenSSH's client (ssh_config(5)): every host that is named without a
/// pattern, with what all blocks that match it say; the first value counts. `Match` blocks and
/// `Include` are passed over, and said so.
final class SshConfig {
  private static final Set<String> WANTED = Set.of("hostname", "port", "user", "proxyjump");
  private static final int MAX_PATTERNS = 100_000;

  /// Blocks with a pattern are tried for every host.
  private static final int MAX_PATTERNED_BLOCKS = 1_000;

  private final Findings findings;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<String, Integer> aliases = new LinkedHashMap<>();
  private int patterns;

  /// @param patterns none for `Match`, which matches nothing here
  private record Block(int number, List<String> patterns, Map<String, String> values) {
    boolean matches(String alias) {
      boolean matched = false;
      for (String pattern : patterns) {
        boolean negated = pattern.startsWith("!");
        if (fits(negated ? pattern.substring(1) : pattern, alias)) {
          if (negated) {
            return false;
          }
          matched = true;
        }
      }
      return matched;
    }

    /// Whether `alias` fits a pattern of `*` and `?`; linear but for one way back to the last star.
    private static boolean fits(String pattern, String alias) {
      int p = 0;
      int a = 0;
      int star = -1;
      int mark = 0;
      while (a < alias.length()) {
        boolean same =
            p < pattern.length()
                && (pattern.charAt(p) == '?' || pattern.charAt(p) == alias.charAt(a));
        if (p < pattern.length() && pattern.charAt(p) == '*') {
          star = p++;
          mark = a;
        } else if (same) {
          p++;
          a++;
        } else if (star >= 0) {
          p = star + 1;
          a = ++mark;
        } else {
          return false;
        }
      }
      while (p < pattern.length() && pattern.charAt(p) == '*') {
        p++;
      }
      return p == pattern.length();
    }
  }

  private SshConfig(Findings findings) {
    this.findings = findings;
  }

  static List<FoundHost> read(String text, Findings findings) {
    SshConfig config = new SshConfig(findings);
    config.open(List.of("*"));
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      String bare = (number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line).strip();
      if (!bare.isEmpty() && bare.charAt(0) != '#') {
        config.line(number, bare);
      }
    }
    return config.hosts();
  }

  private void open(List<String> names) {
    blocks.add(new Block(blocks.size(), names, new LinkedHashMap<>()));
  }

  private void line(int number, String line) {
    String[] parts = line.split("\\s*=\\s*|\\s+", 2);
    String keyword = parts[0].toLowerCase(Locale.ROOT);
    String value = parts.length < 2 ? "" : parts[1].strip();
    switch (keyword) {
      case "host" -> host(number, words(value));
      case "match" -> {
        findings.note(number, "a Match block is passed over");
        open(List.of());
      }
      case "include" -> findings.note(number, "Include is passed over: " + value);
      default -> {
        if (WANTED.contains(keyword) && !value.isEmpty()) {
          blocks.getLast().values().putIfAbsent(keyword, words(value).getFirst());
        }
      }
    }
  }

  private void host(int number, List<String> names) {
    patterns += names.size();
    if (patterns > MAX_PATTERNS) {
      findings.problem(number, "at most " + MAX_PATTERNS + " patterns are read");
      return;
    }
    open(names);
    for (String name : names) {
      if (!isPattern(name) && !name.startsWith("!")) {
        aliases.putIfAbsent(name, number);
      }
    }
  }

  private static boolean isPattern(String name) {
    return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
  }

  private static List<String> words(String value) {
    List<String> words =
        Arrays.stream(value.split("\\s+", -1))
            .map(word -> word.replaceAll("^\"|\"$", ""))
            .filter(word -> !word.isEmpty())
            .toList();
    return words.isEmpty() ? List.of("") : words;
  }

  private List<FoundHost> hosts() {
    List<Block> patterned =
        blocks.stream()
            .filter(block -> block.patterns().stream().anyMatch(SshConfig::isPattern))
            .toList();
    if (patterned.size() > MAX_PATTERNED_BLOCKS) {
      findings.problem(1, "at most " + MAX_PATTERNED_BLOCKS + " blocks with patterns are read");
      return List.of();
    }
    Map<String, List<Block>> named = new LinkedHashMap<>();
    for (Block block : blocks) {
      block.patterns().forEach(p -> named.computeIfAbsent(p, _ -> new ArrayList<>()).add(block));
    }
    List<FoundHost> found = new ArrayList<>();
    aliases.forEach(
        (alias, line) -> {
          if (found.size() < BulkImport.MAX_ENTRIES) {
            found.add(host(alias, line, patterned, named.getOrDefault(alias, List.of())));
          }
        });
    return found;
  }

  private FoundHost host(String alias, int line, List<Block> patterned, List<Block> named) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<Integer, Block> fitting = new TreeMap<>();
    patterned.forEach(block -> fitting.put(block.number(), block));
    named.forEach(block -> fitting.put(block.number(), block));
    fitting.values().stream()
        .filter(block -> block.matches(alias))
        .forEach(block -> block.values().forEach(values::putIfAbsent));
    String jump = values.getOrDefault("proxyjump", "none");
    if (!jump.equalsIgnoreCase("none")) {
      findings.note(
          line, alias + " is reached through " + jump + " there; the gateway connects straight");
    }
    String port = values.getOrDefault("port", "");
    if (!port.isEmpty() && !port.matches("[0-9]{1,5}")) {
      findings.problem(line, alias + ": a port is 1 to 65535, not \"" + port + "\"");
      port = "";
    }
    return new FoundHost(
        line,
        alias,
        values.getOrDefault("hostname", alias).replace("%h", alias).replace("%%", "%"),
        port.isEmpty() ? 0 : Integer.parseInt(port),
        values.getOrDefault("user", ""),
        Map.of());
  }
}
