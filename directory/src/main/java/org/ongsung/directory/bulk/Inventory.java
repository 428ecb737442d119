package org.ongsung.directory.bulk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an Ansible inventory says, whatever it is written in: hosts, the groups they are in, and
/// the variables of both. A host's own variables win over those of its groups, of which the
/// innermost wins.
///
/// Becomes hosts with a label `group.NAME=yes` for each of their groups.
final class Inventory {
  static final String ALL = "all";
  static final String UNGROUPED = "ungrouped";

  /// Groups within groups, at most.
  private static final int MAX_DEPTH = 30;

  private static final int MAX_GROUPS = 2_000;
  private static final Set<String> BY_SSH = Set.of("", "ssh", "smart", "paramiko", "paramiko_ssh");
  private static final Pattern RANGE =
      Pattern.compile("\\[([0-9]+|[a-zA-Z]):([0-9]+|[a-zA-Z])(?::([0-9]{1,9}))?]");

  private final Findings findings;
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> variables = new HashMap<>();
  private final Map<String, Set<String>> parents = new TreeMap<>();
  private boolean full;

  private record Host(int line, Set<String> groups, Map<String, String> variables) {}

  Inventory(Findings findings) {
    this.findings = findings;
  }

  void group(String name) {
    if (parents.size() < MAX_GROUPS) {
      parents.computeIfAbsent(name, _ -> new TreeSet<>());
    } else if (!parents.containsKey(name) && !full) {
      full = true;
      findings.problem(1, "at most " + MAX_GROUPS + " groups are read");
    }
  }

  void child(String parent, String child) {
    group(parent);
    group(child);
    parents.getOrDefault(child, new TreeSet<>()).add(parent);
  }

  void variable(String group, String name, String value) {
    group(group);
    variables.computeIfAbsent(group, _ -> new HashMap<>()).put(name, value);
  }

  /// @param pattern a name, perhaps with ranges such as `web[01:20]` and a port behind a colon
  void host(int line, String group, String pattern, Map<String, String> own) {
    group(group);
    String name = pattern;
    Map<String, String> all = new HashMap<>(own);
    Matcher port = Pattern.compile("(.*[^:\\]]|.*\\]):([0-9]{1,5})").matcher(pattern);
    if (port.matches() && port.group(1).replaceAll("\\[[^\\]]*]", "").indexOf(':') < 0) {
      name = port.group(1);
      all.putIfAbsent("ansible_port", port.group(2));
    }
    List<String> names = new ArrayList<>();
    expand(line, name, names);
    for (String one : names) {
      if (hosts.size() >= BulkImport.MAX_ENTRIES) {
        break;
      }
      Host host =
          hosts.computeIfAbsent(one, _ -> new Host(line, new LinkedHashSet<>(), new HashMap<>()));
      host.groups().add(group);
      host.variables().putAll(all);
    }
  }

  private void expand(int line, String pattern, List<String> names) {
    if (names.size() + hosts.size() >= BulkImport.MAX_ENTRIES) {
      tooMany(line);
      return;
    }
    Matcher range = RANGE.matcher(pattern);
    if (!range.find()) {
      names.add(pattern);
      return;
    }
    String before = pattern.substring(0, range.start());
    String after = pattern.substring(range.end());
    int step = range.group(3) == null ? 1 : Integer.parseInt(range.group(3));
    for (String one : range(line, range.group(1), range.group(2), Math.max(1, step))) {
      expand(line, before + one + after, names);
    }
  }

  private List<String> range(int line, String from, String to, int step) {
    List<String> names = new ArrayList<>();
    boolean letters = Character.isLetter(from.charAt(0)) && Character.isLetter(to.charAt(0));
    boolean numbers = Character.isDigit(from.charAt(0)) && Character.isDigit(to.charAt(0));
    boolean bounded = from.length() < 10 && to.length() < 10;
    if (letters) {
      for (int c = from.charAt(0); c <= to.charAt(0); c += step) {
        names.add(String.valueOf((char) c));
      }
    } else if (numbers && bounded) {
      int last = Integer.parseInt(to);
      int width = from.startsWith("0") ? from.length() : 1;
      for (long n = Integer.parseInt(from); n <= last; n += step) {
        if (names.size() == BulkImport.MAX_ENTRIES) {
          tooMany(line);
          return List.of();
        }
        String digits = String.valueOf(n);
        names.add("0".repeat(Math.max(0, width - digits.length())) + digits);
      }
    }
    if (names.isEmpty()) {
      findings.problem(line, "a range is like [01:20] or [a:f]");
    }
    return names;
  }

  private void tooMany(int line) {
    if (!full) {
      full = true;
      findings.problem(line, "at most " + BulkImport.MAX_ENTRIES + " hosts are read at once");
    }
  }

  /// The hosts that are reached by SSH.
  List<FoundHost> hosts() {
    List<FoundHost> found = new ArrayList<>();
    hosts.forEach((alias, host) -> host(alias, host, found));
    return found;
  }

  private void host(String alias, Host host, List<FoundHost> found) {
    Map<String, Integer> groups = new TreeMap<>();
    host.groups().forEach(group -> ancestors(group, 0, groups));
    Map<String, String> all = effective(host, groups);
    String connection = all.getOrDefault("ansible_connection", "");
    if (!BY_SSH.contains(connection)) {
      findings.note(
          host.line(), alias + " is passed over: it is reached by \"" + connection + "\", not SSH");
      return;
    }
    String address = first(all, "ansible_host", "ansible_ssh_host");
    String port = first(all, "ansible_port", "ansible_ssh_port");
    String login = first(all, "ansible_user", "ansible_ssh_user", "ansible_ssh_user_name");
    for (String value : List.of(address, port, login)) {
      if (value.contains("{{")) {
        findings.problem(
            host.line(), alias + ": \"" + value + "\" is a template; write what it comes to");
        return;
      }
    }
    if (!port.isEmpty() && !port.matches("[0-9]{1,5}")) {
      findings.problem(host.line(), alias + ": a port is 1 to 65535, not \"" + port + "\"");
      return;
    }
    Map<String, String> labels = new TreeMap<>();
    groups.keySet().stream()
        .filter(group -> !group.equals(ALL) && !group.equals(UNGROUPED))
        .forEach(group -> labels.put("group." + group, "yes"));
    found.add(
        new FoundHost(
            host.line(),
            alias,
            address.isEmpty() ? alias : address,
            port.isEmpty() ? 0 : Integer.parseInt(port),
            login,
            labels));
  }

  /// Every group that `group` is in, and how far out.
  private void ancestors(String group, int depth, Map<String, Integer> found) {
    if (depth > MAX_DEPTH || found.getOrDefault(group, Integer.MAX_VALUE) <= depth) {
      return;
    }
    found.put(group, depth);
    parents.getOrDefault(group, Set.of()).forEach(parent -> ancestors(parent, depth + 1, found));
  }

  private Map<String, String> effective(Host host, Map<String, Integer> groups) {
    Map<String, String> all = new HashMap<>(variables.getOrDefault(ALL, Map.of()));
    groups.entrySet().stream()
        .filter(group -> !group.getKey().equals(ALL))
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .forEach(group -> all.putAll(variables.getOrDefault(group.getKey(), Map.of())));
    all.putAll(host.variables());
    return all;
  }

  private static String first(Map<String, String> variables, String... names) {
    for (String name : names) {
      String value = variables.getOrDefault(name, "");
      if (!value.isBlank()) {
        return value.strip();
      }
    }
    return "";
  }
}
