package org.ongsung.practice.shell;

import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All commands by name.
final class Commands {
  private static final TreeMap<String, Command> ALL = new TreeMap<>();

  static {
    FileCommands.addTo(ALL);
    CopyCommands.addTo(ALL);
    TextCommands.addTo(ALL);
    SearchCommands.addTo(ALL);
    ScpCommand.addTo(ALL);
    SystemCommands.addTo(ALL);
    TestCommand.addTo(ALL);
  }

  private Commands() {}

  static @Nullable Command find(String name) {
    return ALL.get(name);
  }

  static Set<String> names() {
    return ALL.navigableKeySet();
  }
}
