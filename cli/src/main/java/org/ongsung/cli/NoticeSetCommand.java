package org.ongsung.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.words.Phrase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung notice add|set`.
@Command
final class NoticeSetCommand extends EntrySetCommand {
  /// A notice has 10,000 characters at most; this is that many in UTF-8, and more than a few over.
  private static final int MAX_FILE_BYTES = 65_536;

  @Option(names = "--title", paramLabel = "TEXT", description = "The line above it.")
  private @Nullable String title;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "What it says, in Markdown; \"\" for nothing.")
  private @Nullable String text;

  @Option(names = "--text-file", paramLabel = "FILE", description = "The same, from a file.")
  private @Nullable Path textFile;

  @Option(names = "--sticky", negatable = true, description = "Whether it stays on top.")
  private @Nullable Boolean sticky;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "When it appears, such as 2030-01-01T00:00:00+09:00; \"\" for at once.")
  private @Nullable String from;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "When it goes, such as 2030-01-01T00:00:00+09:00; \"\" for never.")
  private @Nullable String until;

  @Option(
      names = "--group",
      split = ",",
      paramLabel = "GROUP",
      description = "Groups that see it, several with commas; \"\" for everybody.")
  private @Nullable List<String> groups;

  NoticeSetCommand() {
    super(EntryKind.NOTICE);
  }

  @Override
  void change(ObjectNode entry) throws IOException {
    putText(entry, "title", title);
    putText(entry, "text", textFile == null ? text : fromFile(textFile));
    if (sticky != null) {
      entry.put("sticky", sticky.booleanValue());
    }
    putText(entry, "shownFrom", from);
    putText(entry, "shownUntil", until);
    putList(entry, "groups", groups);
  }

  private String fromFile(Path file) throws IOException {
    Path path = surroundings().folder().resolve(file);
    if (Files.size(path) > MAX_FILE_BYTES) {
      throw usage(Phrase.of("long-file", path), Phrase.of("long-file.advice"));
    }
    return Files.readString(path);
  }
}
