package org.ongsung.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;
import org.ongsung.cli.words.Phrase;

/// Takes secrets from where nobody else sees them: a prompt without echo, standard input or a file.
/// Never from the command line, which other users of the machine can read.
final class SecretInput {
  private static final int MAX_BYTES = 65_536;

  private final Surroundings surroundings;

  SecretInput(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// A secret that already exists: asked once, or the first line of standard input.
  String existing(String question, boolean fromStdin) throws IOException {
    return fromStdin ? firstLine() : ask(question);
  }

  /// A secret that is new: asked twice, or the first line of standard input.
  String fresh(String question, boolean fromStdin) throws IOException {
    if (fromStdin) {
      return firstLine();
    }
    String first = ask(question);
    if (!first.equals(ask(Phrase.of("ask.again", question).in(surroundings.language())))) {
      throw new CommandFailure(ExitCode.FAILED, Phrase.of("not-same"), Phrase.of("try-again"));
    }
    return first;
  }

  /// The text of a file that only its owner may read.
  String file(Path file) throws IOException {
    Path path = surroundings.folder().resolve(file);
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
    if (!Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE)
        .containsAll(mode)) {
      throw new CommandFailure(
          ExitCode.USAGE, Phrase.of("open-secret", path), Phrase.of("open-secret.advice", path));
    }
    if (Files.size(path) > MAX_BYTES) {
      throw new CommandFailure(
          ExitCode.USAGE, Phrase.of("long-file", path), Phrase.of("long-file.advice"));
    }
    return Files.readString(path);
  }

  private String ask(String question) {
    char[] typed =
        surroundings
            .prompt()
            .ask(question)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.USAGE, Phrase.of("no-terminal"), Phrase.of("no-terminal.advice")));
    if (typed.length == 0) {
      throw new CommandFailure(ExitCode.USAGE, Phrase.of("nothing-typed"), Phrase.of("try-again"));
    }
    String secret = new String(typed);
    Arrays.fill(typed, '\0');
    return secret;
  }

  private String firstLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    InputStream in = surroundings.in();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
      if (line.size() > MAX_BYTES) {
        throw new CommandFailure(
            ExitCode.USAGE, Phrase.of("long-secret"), Phrase.of("long-secret.advice"));
      }
    }
    String secret = line.toString(StandardCharsets.UTF_8);
    secret = secret.endsWith("\r") ? secret.substring(0, secret.length() - 1) : secret;
    if (secret.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, Phrase.of("no-secret"), Phrase.of("no-secret.advice"));
    }
    return secret;
  }
}
