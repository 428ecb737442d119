package org.ongsung.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.words.Phrase;
import org.ongsung.directory.access.AccessDocument;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessFileReader;
import org.ongsung.directory.access.AccessTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung apply -f access.yaml`.
@Command(
    name = "apply",
    description = {
      "Make users, groups, targets and grants as an access file says: all of it, or nothing.",
      "Shows what differs before, and a summary after. Applying the same file again changes"
          + " nothing."
    })
final class ApplyCommand extends ChangeCommand {
  private static final int MAX_BYTES = 16 << 20;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The access file, or - for standard input. Paths in it are relative to it.")
  private Path file = Path.of("-");

  @Option(
      names = "--prune",
      description = "Delete what the file does not name; never the last admin.")
  private boolean prune;

  @Override
  void run(ApiClient gateway) throws IOException {
    ObjectNode request = gateway.object();
    request.set("document", JsonMapper.shared().valueToTree(AccessTree.write(read())));
    request.put("prune", prune);
    change(gateway, "apply", request);
  }

  private AccessDocument read() throws IOException {
    Surroundings surroundings = surroundings();
    try {
      if (file.toString().equals("-")) {
        byte[] bytes = surroundings.in().readNBytes(MAX_BYTES + 1);
        return AccessFileReader.read("standard input", bytes, surroundings.folder());
      }
      Path path = surroundings.folder().resolve(file);
      if (!Files.isRegularFile(path)) {
        throw usage(Phrase.of("no-access-file", file), Phrase.of("no-access-file.advice"));
      }
      return AccessFileReader.read(path);
    } catch (AccessDocumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          Phrase.plain(String.valueOf(e.getMessage())),
          Phrase.of("nothing-changed"),
          e);
    }
  }
}
