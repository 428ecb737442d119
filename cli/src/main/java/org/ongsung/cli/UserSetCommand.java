package org.ongsung.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung user add|set`.
@Command
final class UserSetCommand extends EntrySetCommand {
  @Option(names = "--title", paramLabel = "TEXT", description = "What people read beside the name.")
  private @Nullable String title;

  @Option(
      names = "--role",
      split = ",",
      paramLabel = "ROLE",
      description = "user, auditor or admin; several with commas. Replaces the roles.")
  private @Nullable List<String> roles;

  @Option(
      names = "--group",
      split = ",",
      paramLabel = "GROUP",
      description = "Groups, several with commas; \"\" for none. Replaces the groups.")
  private @Nullable List<String> groups;

  @Option(
      names = "--active",
      negatable = true,
      description = "Whether the user may do anything; --no-active ends their sessions at once.")
  private @Nullable Boolean active;

  @Option(
      names = "--public-key-file",
      paramLabel = "FILE",
      description = "SSH public keys, one a line; replaces the keys. May be given several times.")
  private @Nullable List<Path> keyFiles;

  @Option(
      names = "--language",
      paramLabel = "LANGUAGE",
      description = "ko, en, or auto: as their browser or client says.")
  private @Nullable String language;

  @Option(names = "--password", description = "Ask for a new password.")
  private boolean askPassword;

  @Option(
      names = "--password-stdin",
      description = "Take a new password from the first line of standard input.")
  private boolean passwordFromStdin;

  UserSetCommand() {
    super(EntryKind.USER);
  }

  @Override
  void change(ObjectNode entry) throws IOException {
    putText(entry, "title", title);
    putList(entry, "roles", roles);
    putList(entry, "groups", groups);
    if (language != null) {
      entry.put("language", language);
    }
    if (active != null) {
      entry.put("active", active.booleanValue());
    }
    if (keyFiles != null) {
      ArrayNode keys = entry.putArray("publicKeys");
      for (Path file : keyFiles) {
        Files.readString(surroundings().folder().resolve(file))
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .forEach(keys::add);
      }
    }
    if (askPassword || passwordFromStdin) {
      String password =
          new SecretInput(surroundings())
              .fresh(words("ask.new-of", entry.path("name").asString("")), passwordFromStdin);
      entry.putObject("password").put("plain", password);
    }
  }
}
