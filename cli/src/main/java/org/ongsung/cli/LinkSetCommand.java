package org.ongsung.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung link add|set`.
@Command
final class LinkSetCommand extends EntrySetCommand {
  @Option(names = "--title", paramLabel = "TEXT", description = "What people read and click.")
  private @Nullable String title;

  @Option(names = "--address", paramLabel = "URL", description = "Where it leads.")
  private @Nullable String address;

  @Option(names = "--remark", paramLabel = "TEXT", description = "A word below it.")
  private @Nullable String remark;

  @Option(
      names = "--rank",
      paramLabel = "NUMBER",
      description = "Its place, 0 to 9999, the lowest first; 100 unless named.")
  private @Nullable Integer rank;

  @Option(
      names = "--group",
      split = ",",
      paramLabel = "GROUP",
      description = "Groups that see it, several with commas; \"\" for everybody.")
  private @Nullable List<String> groups;

  LinkSetCommand() {
    super(EntryKind.LINK);
  }

  @Override
  void change(ObjectNode entry) {
    putText(entry, "title", title);
    putText(entry, "address", address);
    putText(entry, "remark", remark);
    if (rank != null) {
      entry.put("rank", rank.intValue());
    }
    putList(entry, "groups", groups);
  }
}
