package org.ongsung.practice.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.ResourceBundle;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.practice.files.PracticeFiles;
import org.ongsung.practice.shell.Script.Redirect;
import org.ongsung.practice.shell.Script.Simple;
import org.ongsung.practice.shell.Script.Step;
import org.ongsung.practice.terminal.Terminal;

/// One shell: its folder, its variables, its last status. It interprets command lines with commands
/// of its own and starts no process.
///
/// One thread runs command lines; [#interrupt] may come from any.
public final class PracticeShell {
  private static final int NOT_FOUND = 127;
  private static final int BROKEN_PIPE = 128 + 13;
  private static final int INTERRUPTED = 128 + 2;
  private static final int SYNTAX = 2;
  private static final int MAX_VARIABLES = 256;

  /// Who the shell runs for and where.
  ///
  /// @param environment what the client sent that may be kept, such as `TERM` and `LANG`
  public record Surroundings(
      PracticeFiles files,
      String account,
      String hostname,
      Clock clock,
      ShellLimits limits,
      Map<String, String> environment) {
    public Surroundings {
      environment = Map.copyOf(environment);
    }
  }

  private final Surroundings surroundings;
  private final @Nullable Terminal terminal;
  private final Map<String, String> variables = new TreeMap<>();
  private final int nesting;
  private List<String> history = List.of();
  private Path folder;
  private int lastStatus;
  private OptionalInt exit = OptionalInt.empty();
  private volatile Job job = new Job();

  /// A shell at the account's home.
  ///
  /// @param terminal null for a command without one
  public PracticeShell(Surroundings surroundings, @Nullable Terminal terminal) {
    this.surroundings = surroundings;
    this.terminal = terminal;
    this.nesting = 0;
    this.folder = surroundings.files().home();
    variables.putAll(surroundings.environment());
    variables.put("HOME", folder.toString());
    variables.put("USER", surroundings.account());
    variables.put("LOGNAME", surroundings.account());
    variables.put("SHELL", "/bin/sh");
    variables.put("PATH", "/usr/bin:/bin");
    variables.put("PWD", folder.toString());
  }

  /// A shell within a shell, which changes nothing outside.
  private PracticeShell(PracticeShell outer, int nesting) {
    this.surroundings = outer.surroundings;
    this.terminal = outer.terminal;
    this.nesting = nesting;
    this.folder = outer.folder;
    this.lastStatus = outer.lastStatus;
    this.job = outer.job;
    this.history = outer.history;
    variables.putAll(outer.variables);
  }

  /// Runs a command line and gives its status.
  public int run(String line, InputStream in, OutputStream out, OutputStream err)
      throws IOException {
    Job current = job;
    current.join(Thread.currentThread());
    long max = limits().maxOutputBytes();
    Streams streams =
        new Streams(in, Streams.guarded(out, current, max), Streams.guarded(err, current, max));
    try {
      run(line, streams);
    } catch (InterruptedIOException e) {
      lastStatus = INTERRUPTED;
    } catch (Pipe.Broken e) {
      lastStatus = BROKEN_PIPE;
    } finally {
      current.leave(Thread.currentThread());
      // What woke this thread for the job must not wake it for anything later.
      Thread.interrupted();
      out.flush();
      err.flush();
    }
    return lastStatus;
  }

  /// Stops what runs now, and what would run next, as Ctrl-C does; until [#goOn].
  public void interrupt() {
    job.interrupt();
  }

  /// Forgets an interruption, so that the next line runs.
  public void goOn() {
    job = new Job();
  }

  /// The status to end with, once `exit` was called.
  public OptionalInt exitStatus() {
    return exit;
  }

  /// The last command's status.
  public int lastStatus() {
    return lastStatus;
  }

  /// `alice@practice:~/logs$ `
  public String prompt() {
    String home = surroundings.files().home().toString();
    String shown = folder.toString();
    if (shown.equals(home) || shown.startsWith(home + "/")) {
      shown = "~" + shown.substring(home.length());
    }
    String sign = surroundings.account().equals("root") ? "# " : "$ ";
    return surroundings.account() + "@" + surroundings.hostname() + ":" + shown + sign;
  }

  /// The lines that `history` lists.
  public void history(List<String> lines) {
    history = lines;
  }

  /// What may stand in the place of the line's last word: commands first, file names after.
  public List<String> complete(String line) throws IOException {
    String word = line.substring(line.lastIndexOf(' ') + 1);
    boolean first = line.strip().indexOf(' ') < 0 && !line.endsWith(" ");
    return first && word.indexOf('/') < 0
        ? Commands.names().stream().filter(name -> name.startsWith(word)).map(n -> n + " ").toList()
        : FileCommands.complete(this, word);
  }

  /// Text for the person, in Korean if `LANG` says so.
  public String message(String key, Object... arguments) {
    String language = variables.getOrDefault("LC_ALL", variables.getOrDefault("LANG", ""));
    Locale locale = language.startsWith("ko") ? Locale.KOREAN : Locale.ROOT;
    ResourceBundle bundle =
        ResourceBundle.getBundle(
            "org.ongsung.practice.shell.messages",
            locale,
            PracticeShell.class.getClassLoader(),
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    return String.format(locale, bundle.getString(key), arguments);
  }

  Surroundings surroundings() {
    return surroundings;
  }

  ShellLimits limits() {
    return surroundings.limits();
  }

  PracticeFiles files() {
    return surroundings.files();
  }

  @Nullable Terminal terminal() {
    return terminal;
  }

  Map<String, String> variables() {
    return variables;
  }

  List<String> history() {
    return history;
  }

  Path folder() {
    return folder;
  }

  void enter(Path newFolder) {
    variables.put("OLDPWD", folder.toString());
    folder = newFolder;
    variables.put("PWD", folder.toString());
  }

  void exit(int status) {
    exit = OptionalInt.of(status);
  }

  /// The path that an operand means from the current folder.
  Path resolve(String operand) {
    return folder.resolve(files().path(operand)).normalize();
  }

  /// Opens a file to read, `/dev/null` and `/dev/zero` too.
  InputStream open(Path path) throws IOException {
    return switch (path.toString()) {
      case "/dev/null" -> InputStream.nullInputStream();
      case "/dev/zero" -> new Zeroes();
      default -> {
        if (Files.isDirectory(path)) {
          throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        yield Files.newInputStream(path);
      }
    };
  }

  /// Opens a file to write, `/dev/null` too.
  OutputStream create(Path path, boolean append) throws IOException {
    if (path.toString().equals("/dev/null")) {
      return OutputStream.nullOutputStream();
    }
    if (Files.isDirectory(path)) {
      throw new FileSystemException(path.toString(), null, "Is a directory");
    }
    if (!PracticeFiles.exists(path)) {
      files().reserveEntry(path);
    }
    return Files.newOutputStream(
        path,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
  }

  /// Runs a line within the current job, in a shell of its own.
  int runNested(String line, Streams streams) throws IOException {
    if (nesting >= limits().maxNesting()) {
      return say(streams, "sh: more than " + limits().maxNesting() + " shells in each other", 1);
    }
    PracticeShell inner = new PracticeShell(this, nesting + 1);
    inner.run(line, streams);
    return inner.exit.orElse(inner.lastStatus);
  }

  private void run(String line, Streams streams) throws IOException {
    Script script;
    try {
      script = ScriptParser.parse(line, limits());
    } catch (ShellSyntaxException e) {
      lastStatus = say(streams, "sh: " + e.getMessage(), SYNTAX);
      return;
    }
    for (Step step : script.steps()) {
      boolean runs =
          switch (step.when()) {
            case ALWAYS -> true;
            case AFTER_SUCCESS -> lastStatus == 0;
            case AFTER_FAILURE -> lastStatus != 0;
          };
      if (runs) {
        lastStatus = pipeline(step.pipeline(), streams);
      }
      if (exit.isPresent()) {
        return;
      }
      job.check();
    }
  }

  private int pipeline(List<Simple> commands, Streams streams) throws IOException {
    if (commands.size() == 1) {
      return command(commands.getFirst(), streams);
    }
    int[] statuses = new int[commands.size()];
    List<Thread> threads = new ArrayList<>();
    InputStream in = streams.in();
    for (int index = 0; index < commands.size(); index++) {
      boolean last = index == commands.size() - 1;
      Pipe pipe = new Pipe();
      Streams own = streams.withIn(in).withOut(last ? streams.out() : pipe.writeEnd);
      threads.add(stage(commands.get(index), own, statuses, index));
      in = pipe.readEnd;
    }
    for (Thread thread : threads) {
      join(thread);
    }
    job.check();
    return statuses[commands.size() - 1];
  }

  /// Runs one command of a pipeline in a shell of its own; at its end both its pipes are closed.
  private Thread stage(Simple command, Streams streams, int[] statuses, int index) {
    PracticeShell inner = new PracticeShell(this, nesting);
    return Thread.ofVirtual()
        .start(
            () -> {
              job.join(Thread.currentThread());
              try (OutputStream out = streams.out();
                  InputStream _ = index == 0 ? InputStream.nullInputStream() : streams.in()) {
                statuses[index] = inner.command(command, streams);
                statuses[index] = inner.exit.orElse(statuses[index]);
                out.flush();
              } catch (InterruptedIOException e) {
                statuses[index] = INTERRUPTED;
              } catch (IOException e) {
                statuses[index] = BROKEN_PIPE;
              } finally {
                job.leave(Thread.currentThread());
              }
            });
  }

  private void join(Thread thread) throws InterruptedIOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private int command(Simple command, Streams streams) throws IOException {
    WordExpansion expansion =
        new WordExpansion(this::variable, folder::resolve, limits().maxWords());
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      List<String> words = expansion.words(command.words(), files()::path);
      Streams redirected = redirect(command.redirects(), expansion, streams, opened);
      int status = command(words, redirected);
      redirected.out().flush();
      return status;
    } catch (ShellSyntaxException | InvalidPathException e) {
      return say(streams, "sh: " + e.getMessage(), 1);
    } catch (FileSystemException e) {
      return say(streams, "sh: " + e.getFile() + ": " + FileErrors.describe(e), 1);
    } finally {
      close(opened);
    }
  }

  private int command(List<String> words, Streams streams) throws IOException {
    int assignments = 0;
    while (assignments < words.size()
        && words.get(assignments).matches("(?s)[A-Za-z_][A-Za-z0-9_]*=.*")) {
      assignments++;
    }
    if (assignments == words.size()) {
      words.forEach(this::assign);
      return 0;
    }
    List<String> rest = words.subList(assignments, words.size());
    String name = rest.getFirst();
    Command command = Commands.find(name.substring(name.lastIndexOf('/') + 1));
    if (command == null) {
      return say(streams, message("not-found", name), NOT_FOUND);
    }
    Invocation call = new Invocation(this, job, name, rest.subList(1, rest.size()), streams);
    try {
      return command.run(call);
    } catch (InterruptedIOException | Pipe.Broken e) {
      throw e;
    } catch (InvalidPathException e) {
      return call.fail("Invalid argument");
    } catch (IOException e) {
      job.check();
      return call.fail(FileErrors.describe(e));
    }
  }

  /// Takes `NAME=value`; one too many or too long is left out.
  void assign(String assignment) {
    int equals = assignment.indexOf('=');
    if (variables.size() < MAX_VARIABLES && assignment.length() <= limits().maxLineChars()) {
      variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
  }

  private String variable(String name) {
    return switch (name) {
      case "?" -> Integer.toString(lastStatus);
      case "$" -> "1000";
      case "#" -> "0";
      case "0" -> "sh";
      default -> variables.getOrDefault(name, "");
    };
  }

  private Streams redirect(
      List<Redirect> redirects,
      WordExpansion expansion,
      Streams streams,
      List<AutoCloseable> opened)
      throws IOException, ShellSyntaxException {
    Streams now = streams;
    for (Redirect redirect : redirects) {
      String target = expansion.single(redirect.target());
      now =
          switch (redirect.mode()) {
            case READ -> {
              InputStream in = open(resolve(target));
              opened.add(in);
              yield now.withIn(in);
            }
            case WRITE, APPEND -> {
              OutputStream file = create(resolve(target), redirect.mode() == Script.Mode.APPEND);
              opened.add(file);
              OutputStream out = Streams.guarded(file, job, limits().maxOutputBytes());
              yield redirect.descriptor() == 2 ? now.withErr(out) : now.withOut(out);
            }
            case DUPLICATE -> duplicate(now, redirect.descriptor(), target);
          };
    }
    return now;
  }

  private static Streams duplicate(Streams streams, int descriptor, String target)
      throws ShellSyntaxException {
    return switch (descriptor + ">" + target) {
      case "2>1" -> streams.withErr(streams.out());
      case "1>2" -> streams.withOut(streams.err());
      case "1>1", "2>2" -> streams;
      default -> throw new ShellSyntaxException(target + ": Bad file descriptor");
    };
  }

  private static void close(List<AutoCloseable> opened) throws IOException {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }

  private static int say(Streams streams, String message, int status) throws IOException {
    streams.err().write((message + "\n").getBytes(StandardCharsets.UTF_8));
    return status;
  }
}
