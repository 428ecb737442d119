package org.ongsung.directory.bulk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads an Ansible inventory in its INI form (Ansible's `ini` inventory plugin): hosts with
/// variables, groups, `:vars` and `:children`.
final class InventoryIni {
  private static final Pattern SECTION =
      Pattern.compile("\\[([^\\]:]+)(?::(hosts|vars|children))?]\\s*(?:#.*)?");

  private static final Pattern VARIABLE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");

  private final Inventory inventory;
  private final Findings findings;
  private String group = Inventory.UNGROUPED;
  private String kind = "hosts";

  private InventoryIni(Findings findings) {
    this.findings = findings;
    this.inventory = new Inventory(findings);
  }

  static Inventory read(String text, Findings findings) {
    InventoryIni reader = new InventoryIni(findings);
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      String bare = (number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line).strip();
      if (!bare.isEmpty() && bare.charAt(0) != '#' && bare.charAt(0) != ';') {
        reader.line(number, bare);
      }
    }
    return reader.inventory;
  }

  private void line(int number, String line) {
    if (line.startsWith("[")) {
      Matcher section = SECTION.matcher(line);
      if (section.matches()) {
        group = section.group(1).strip();
        kind = section.group(2) == null ? "hosts" : section.group(2);
        inventory.group(group);
      } else {
        findings.problem(number, "a section is like [web], [web:vars] or [web:children]");
      }
      return;
    }
    switch (kind) {
      case "children" -> inventory.child(group, words(number, line).getFirst());
      case "vars" -> {
        Matcher variable = VARIABLE.matcher(line);
        if (variable.matches()) {
          inventory.variable(group, variable.group(1), unquoted(variable.group(2)));
        } else {
          findings.problem(number, "a variable is like ansible_user=deploy");
        }
      }
      default -> host(number, line);
    }
  }

  private void host(int number, String line) {
    List<String> words = words(number, line);
    Map<String, String> variables = new LinkedHashMap<>();
    for (String word : words.subList(1, words.size())) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        findings.problem(number, "behind a host stand variables like ansible_port=2222");
        return;
      }
      variables.put(word.substring(0, equals), word.substring(equals + 1));
    }
    inventory.host(number, group, words.getFirst(), variables);
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /// Words as a shell parts them: by space, with quotes; a `#` before a word starts a comment.
  private List<String> words(int number, String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (Character.isWhitespace(c)) {
        end(word, words);
      } else if (c == '#' && word.isEmpty()) {
        break;
      } else {
        word.append(c);
      }
    }
    if (quote != 0) {
      findings.problem(number, "a quote is opened and never closed");
    }
    end(word, words);
    return words.isEmpty() ? List.of("") : words;
  }

  private static void end(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
