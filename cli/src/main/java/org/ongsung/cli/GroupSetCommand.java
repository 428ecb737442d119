package org.ongsung.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung group add|set`.
@Command
final class GroupSetCommand extends EntrySetCommand {
  @Option(names = "--title", paramLabel = "TEXT", description = "What people read beside the name.")
  private @Nullable String title;

  GroupSetCommand() {
    super(EntryKind.GROUP);
  }

  @Override
  void change(ObjectNode entry) {
    putText(entry, "title", title);
  }
}
