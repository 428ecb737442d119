package org.ongsung.directory.bulk;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.ongsung.directory.Problem;
import org.ongsung.wire.yaml.YamlException;
import org.ongsung.wire.yaml.YamlLimits;
import org.ongsung.wire.yaml.YamlMapping;
import org.ongsung.wire.yaml.YamlProblem;
import org.ongsung.wire.yaml.YamlReader;

/// Reads an Ansible inventory in its YAML form (Ansible's `yaml` inventory plugin): groups with
/// `hosts`, `vars` and `children`.
final class InventoryYaml {
  private final Inventory inventory;

  private InventoryYaml(Findings findings) {
    this.inventory = new Inventory(findings);
  }

  static Inventory read(String text, Findings findings) {
    InventoryYaml reader = new InventoryYaml(findings);
    try {
      boolean _ =
          YamlReader.read(
              "inventory",
              text.getBytes(StandardCharsets.UTF_8),
              YamlLimits.DEFAULT,
              root -> {
                root.keys().forEach(group -> reader.group(root, group));
                return true;
              });
    } catch (YamlException e) {
      for (YamlProblem problem : e.problems()) {
        findings.problem(
            problem.line(), Problem.of(Problem.Code.IN_YAML, problem.message(), problem.message()));
      }
    }
    return reader.inventory;
  }

  private void group(YamlMapping parent, String name) {
    inventory.group(name);
    if (!parent.has(name)) {
      return; // a group of nothing
    }
    boolean _ =
        parent
            .optionalMapping(
                name,
                group -> {
                  variables(group, "vars")
                      .forEach((key, value) -> inventory.variable(name, key, value));
                  hosts(group, name);
                  boolean _ =
                      group
                          .optionalMapping(
                              "children",
                              children -> {
                                for (String child : children.keys()) {
                                  inventory.child(name, child);
                                  group(children, child);
                                }
                                return true;
                              })
                          .isPresent();
                  return true;
                })
            .isPresent();
  }

  private void hosts(YamlMapping group, String name) {
    boolean _ =
        group
            .optionalMapping(
                "hosts",
                hosts -> {
                  for (String host : hosts.keys()) {
                    inventory.host(hosts.line(host), name, host, variables(hosts, host));
                  }
                  return true;
                })
            .isPresent();
  }

  /// The variables that are plain text; lists and maps say nothing about how a host is reached.
  private static Map<String, String> variables(YamlMapping mapping, String key) {
    if (!mapping.has(key)) {
      return Map.of();
    }
    return mapping
        .optionalMapping(
            key,
            variables -> {
              Map<String, String> texts = new HashMap<>();
              for (String name : variables.keys()) {
                if (variables.isText(name)) {
                  variables.optionalString(name).ifPresent(text -> texts.put(name, text));
                }
              }
              return texts;
            })
        .orElseGet(HashMap::new);
  }
}
