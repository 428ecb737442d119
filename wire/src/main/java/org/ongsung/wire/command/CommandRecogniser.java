package org.ongsung.wire.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ongsung.wire.command.RecognisedCommand.Git;
import org.ongsung.wire.command.RecognisedCommand.Ordinary;
import org.ongsung.wire.command.RecognisedCommand.Rsync;
import org.ongsung.wire.command.RecognisedCommand.Scp;
import org.ongsung.wire.command.RecognisedCommand.SftpServer;

/// Tells scp, rsync, git and SFTP servers from other commands by their command line.
///
/// It reads the line as a POSIX shell would split it into words and looks at the first word's last
/// path segment and the options that clients send. Limits of the heuristic:
///
/// - A line with an unquoted `;`, `&`, `|`, `<`, `>`, `$`, a backquote, a bracket or a line feed
///   may do more than one thing and is always [Ordinary]; so is one with a prefix (`sudo rsync …`,
///   `LANG=C scp …`, `exec git-…`).
/// - `~` and `*` stay as they are written; what they stand for is known to the target alone.
/// - A wrapper script, an alias or a forced command on the target may run something else, and a
///   program of another name may speak the same protocol.
/// - An SFTP server is one only by its whole path.
/// - Lines longer than [#MAX_LINE_CHARS] and with more than [#MAX_WORDS] words are [Ordinary].
public final class CommandRecogniser {
  /// The longest line that is looked at, in UTF-16 units, inclusive.
  public static final int MAX_LINE_CHARS = 64 << 10;

  /// The most words that are looked at, inclusive.
  public static final int MAX_WORDS = 4096;

  /// Where systems have OpenSSH's server. One from elsewhere may be anybody's program of that name,
  /// which would have its terminal where nothing but file operations is recorded.
  private static final Set<String> SFTP_SERVERS =
      Set.of(
          "/usr/lib/openssh/sftp-server",
          "/usr/lib/sftp-server",
          "/usr/lib/ssh/sftp-server",
          "/usr/libexec/sftp-server",
          "/usr/libexec/openssh/sftp-server");

  private CommandRecogniser() {}

  /// What the line looks like; never fails.
  public static RecognisedCommand recognise(String line) {
    if (line.length() > MAX_LINE_CHARS) {
      return new Ordinary();
    }
    return ShellWords.split(line, MAX_WORDS)
        .flatMap(CommandRecogniser::recognise)
        .orElseGet(Ordinary::new);
  }

  private static Optional<RecognisedCommand> recognise(List<String> words) {
    if (words.isEmpty()) {
      return Optional.empty();
    }
    String program = words.getFirst();
    List<String> arguments = words.subList(1, words.size());
    return switch (program.substring(program.lastIndexOf('/') + 1)) {
      case "scp" -> scp(arguments);
      case "rsync" -> rsync(arguments);
      case "git" ->
          arguments.isEmpty()
              ? Optional.empty()
              : git("git-" + arguments.getFirst(), arguments.subList(1, arguments.size()));
      case "sftp-server" ->
          SFTP_SERVERS.contains(program) ? Optional.of(new SftpServer()) : Optional.empty();
      case String name -> git(name, arguments);
    };
  }

  private static Optional<RecognisedCommand> scp(List<String> arguments) {
    String flags = "";
    List<String> paths = new ArrayList<>();
    boolean options = true;
    for (String argument : arguments) {
      if (options && argument.equals("--")) {
        options = false;
      } else if (options && argument.startsWith("-") && argument.length() > 1) {
        flags += argument.substring(1);
      } else {
        options = false;
        paths.add(argument);
      }
    }
    boolean source = flags.indexOf('f') >= 0;
    boolean sink = flags.indexOf('t') >= 0;
    if (source == sink || paths.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Scp(source, flags.indexOf('r') >= 0, paths));
  }

  private static Optional<RecognisedCommand> rsync(List<String> arguments) {
    if (!arguments.contains("--server") || arguments.contains("--daemon")) {
      return Optional.empty();
    }
    // rsync --server [options] . path…: the dot ends the options.
    int dot = arguments.indexOf(".");
    if (dot < 0) {
      return Optional.empty();
    }
    List<String> options = arguments.subList(0, dot);
    boolean deletes = options.stream().anyMatch(option -> option.startsWith("--delete"));
    return Optional.of(
        new Rsync(
            options.contains("--sender"), deletes, arguments.subList(dot + 1, arguments.size())));
  }

  private static Optional<RecognisedCommand> git(String program, List<String> arguments) {
    Git.Service service =
        switch (program) {
          case "git-upload-pack" -> Git.Service.UPLOAD_PACK;
          case "git-receive-pack" -> Git.Service.RECEIVE_PACK;
          case "git-upload-archive" -> Git.Service.UPLOAD_ARCHIVE;
          default -> null;
        };
    List<String> paths = arguments.stream().filter(argument -> !argument.startsWith("--")).toList();
    if (service == null || paths.size() != 1) {
      return Optional.empty();
    }
    return Optional.of(new Git(service, paths.getFirst()));
  }
}
