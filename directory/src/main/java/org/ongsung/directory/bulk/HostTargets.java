package org.ongsung.directory.bulk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessExporter;
import org.ongsung.directory.access.AccessTree;
import org.ongsung.directory.access.TargetEntry;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Target;

/// Makes targets of hosts that were found. A target that is there under the same name keeps what it
/// has: its address is set, its account and labels are added.
final class HostTargets {
  private final DirectorySnapshot now;
  private final Findings findings;

  HostTargets(DirectorySnapshot now, Findings findings) {
    this.now = now;
    this.findings = findings;
  }

  List<TargetEntry> targets(List<FoundHost> hosts) {
    Map<Name, FoundHost> seen = new HashMap<>();
    List<TargetEntry> targets = new ArrayList<>();
    if (hosts.isEmpty() && findings.areNone()) {
      findings.problem(1, "there is no host in it");
    }
    for (FoundHost host : hosts) {
      String text = nameOf(host.alias());
      if (!Name.isValid(text)) {
        findings.problem(host.line(), "\"" + host.alias() + "\" gives no name for a target");
        continue;
      }
      Name name = Name.of(text);
      FoundHost before = seen.putIfAbsent(name, host);
      if (before != null) {
        findings.problem(
            host.line(),
            "\"%s\" and \"%s\" of line %d would both be the target %s"
                .formatted(host.alias(), before.alias(), before.line(), name));
        continue;
      }
      try {
        targets.add(AccessTree.readTarget(name, tree(name, host)));
      } catch (AccessDocumentException e) {
        e.problems().forEach(problem -> findings.problem(host.line(), problem));
      }
    }
    return targets;
  }

  /// In lower case, with a hyphen for what no name has.
  static String nameOf(String alias) {
    String name =
        alias.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-").replaceFirst("^[._-]+", "");
    return name.length() > Name.MAX_CHARACTERS ? name.substring(0, Name.MAX_CHARACTERS) : name;
  }

  private Map<String, Object> tree(Name name, FoundHost host) {
    Target old = now.target(name).orElse(null);
    Map<String, Object> tree =
        new LinkedHashMap<>(old == null ? Map.of() : AccessTree.write(AccessExporter.export(old)));
    if (!host.alias().equals(name.value())) {
      tree.putIfAbsent("title", host.alias());
    }
    tree.putIfAbsent("protocol", Protocol.SSH.text());
    String shown = host.host().indexOf(':') >= 0 ? "[" + host.host() + "]" : host.host();
    tree.put("address", host.port() == 0 ? shown : shown + ":" + host.port());
    tree.putIfAbsent("hostKeys", HostKeyPolicy.TRUST_ON_FIRST_USE.text());
    Map<String, String> labels = new TreeMap<>(old == null ? Map.of() : old.labels());
    labels.putAll(host.labels());
    if (!labels.isEmpty()) {
      tree.put("labels", labels);
    }
    if (!host.login().isEmpty()) {
      addAccount(tree, host.login());
    }
    return tree;
  }

  private static void addAccount(Map<String, Object> tree, String login) {
    List<Object> accounts = new ArrayList<>();
    if (tree.get("accounts") instanceof List<?> there) {
      accounts.addAll(there);
    }
    String name = nameOf(login);
    boolean known =
        accounts.stream()
            .anyMatch(
                one ->
                    one instanceof Map<?, ?> account
                        && (name.equals(account.get("name"))
                            || login.equals(account.get("login"))));
    if (!known) {
      accounts.add(
          name.equals(login) ? Map.of("name", name) : Map.of("name", name, "login", login));
    }
    tree.put("accounts", accounts);
  }

  /// The account of that name in a target's tree; empty for none.
  static Map<String, Object> account(Map<String, Object> tree, String name) {
    if (tree.get("accounts") instanceof List<?> accounts) {
      for (Object one : accounts) {
        if (one instanceof Map<?, ?> account && name.equals(account.get("name"))) {
          Map<String, Object> copy = new LinkedHashMap<>();
          account.forEach((key, value) -> copy.put(String.valueOf(key), value));
          return copy;
        }
      }
    }
    return Map.of();
  }
}
