package org.ongsung.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.words.Phrase;
import org.ongsung.directory.bulk.BulkFormat;
import org.ongsung.directory.bulk.BulkImport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung import FILE`.
@Command(
    name = "import",
    description = {
      "Add and change users or targets from a list: CSV, an Ansible inventory or an ssh_config.",
      "Shows what differs before. All of it or nothing; nothing is deleted, no list holds secrets."
    })
final class ImportCommand extends ChangeCommand {
  private static final int MAX_BYTES = 4 * BulkImport.MAX_CHARACTERS;

  @Parameters(paramLabel = "FILE", description = "The list, or - for standard input.")
  private Path file = Path.of("-");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "users-csv, targets-csv, ansible-ini, ansible-yaml or ssh-config. Not needed where the"
              + " file's name says it.")
  private @Nullable String format;

  @Override
  void run(ApiClient gateway) throws IOException {
    BulkFormat wanted = format();
    ObjectNode request = gateway.object();
    request.put("format", wanted.text());
    request.put("text", text(read()));
    change(gateway, "import", request);
  }

  private BulkFormat format() {
    if (format != null) {
      try {
        return BulkFormat.of(format);
      } catch (IllegalArgumentException e) {
        throw usage(Phrase.of("no-format", format), Phrase.of("no-format.advice"));
      }
    }
    String name =
        file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.startsWith("users") && name.endsWith(".csv")) {
      return BulkFormat.USERS_CSV;
    }
    if (name.startsWith("targets") && name.endsWith(".csv")) {
      return BulkFormat.TARGETS_CSV;
    }
    if (name.endsWith(".ini")) {
      return BulkFormat.ANSIBLE_INI;
    }
    if (name.endsWith(".yml") || name.endsWith(".yaml")) {
      return BulkFormat.ANSIBLE_YAML;
    }
    if (name.equals("ssh_config") || (name.equals("config") && isIn(".ssh"))) {
      return BulkFormat.SSH_CONFIG;
    }
    throw usage(Phrase.of("which-format", file), Phrase.of("no-format.advice"));
  }

  private boolean isIn(String folder) {
    Path parent = surroundings().folder().resolve(file).normalize().getParent();
    return parent != null && parent.endsWith(folder);
  }

  private byte[] read() throws IOException {
    if (file.toString().equals("-")) {
      return bounded(surroundings().in());
    }
    Path path = surroundings().folder().resolve(file);
    if (!Files.isRegularFile(path)) {
      throw usage(Phrase.of("no-file", file), Phrase.of("no-file.advice"));
    }
    try (InputStream in = Files.newInputStream(path)) {
      return bounded(in);
    }
  }

  private static byte[] bounded(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw usage(Phrase.of("list-too-long"), Phrase.of("list-too-long.advice"));
    }
    return bytes;
  }

  /// The text, which is UTF-8 or nothing that can be read for sure.
  private static String text(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      long line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw usage(Phrase.of("not-utf8", String.valueOf(line)), Phrase.of("not-utf8.advice"));
    }
    return out.flip().toString();
  }
}
