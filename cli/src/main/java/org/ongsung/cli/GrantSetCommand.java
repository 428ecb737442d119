package org.ongsung.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung grant add|set`.
@Command
final class GrantSetCommand extends EntrySetCommand {
  @Option(
      names = "--user",
      split = ",",
      paramLabel = "USER",
      description = "Who: users, several with commas; \"\" for none. Adds up with --group.")
  private @Nullable List<String> users;

  @Option(
      names = "--group",
      split = ",",
      paramLabel = "GROUP",
      description = "Who: members of groups, several with commas; \"\" for none.")
  private @Nullable List<String> groups;

  @Option(
      names = "--target",
      split = ",",
      paramLabel = "TARGET",
      description = "Where: targets, several with commas; \"\" for none. Adds up with --label.")
  private @Nullable List<String> targets;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "Where: targets that carry every one of these labels. KEY= removes one.")
  private @Nullable Map<String, String> labels;

  @Option(
      names = "--as",
      split = ",",
      paramLabel = "ACCOUNT",
      description = "As which accounts of the targets, several with commas.")
  private @Nullable List<String> accounts;

  @Option(
      names = "--may",
      split = ",",
      paramLabel = "WHAT",
      description =
          "shell, exec, sftp, local-forward, remote-forward, agent-forward, x11; several with"
              + " commas.")
  private @Nullable List<String> may;

  @Option(
      names = "--from",
      split = ",",
      paramLabel = "NETWORK",
      description = "Source networks such as 10.0.0.0/8; \"\" for any.")
  private @Nullable List<String> from;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "When it ends, such as 2030-01-01T00:00:00+09:00; \"\" for never.")
  private @Nullable String until;

  @Option(
      names = "--idle",
      paramLabel = "DURATION",
      description = "Longest time of a session without input, such as 30m; \"\" for no bound.")
  private @Nullable String idle;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      description = "Longest session, such as 8h; \"\" for no bound.")
  private @Nullable String duration;

  @Option(
      names = "--sessions",
      paramLabel = "COUNT",
      description = "Most sessions of one user at once; 0 for no bound.")
  private @Nullable Integer sessions;

  GrantSetCommand() {
    super(EntryKind.GRANT);
  }

  @Override
  void change(ObjectNode entry) {
    ObjectNode who = child(entry, "who");
    putList(who, "users", users);
    putList(who, "groups", groups);
    ObjectNode where = child(entry, "where");
    putList(where, "targets", targets);
    putLabels(where, labels);
    putList(entry, "as", accounts);
    putList(entry, "may", may);
    putList(entry, "from", from);
    putText(entry, "until", until);
    ObjectNode limits = child(entry, "limits");
    putText(limits, "idle", idle);
    putText(limits, "duration", duration);
    if (sessions != null && sessions == 0) {
      limits.remove("sessions");
    } else if (sessions != null) {
      limits.put("sessions", sessions.intValue());
    }
    if (limits.isEmpty()) {
      entry.remove("limits");
    }
  }
}
