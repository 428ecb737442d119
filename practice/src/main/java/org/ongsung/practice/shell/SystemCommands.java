package org.ongsung.practice.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ongsung.practice.terminal.Terminal;

/// Commands about the session, its terminal and its time.
final class SystemCommands {
  private static final int MAX_READ_BYTES = 8192;

  private SystemCommands() {}

  static void addTo(Map<String, Command> all) {
    all.put("true", call -> 0);
    all.put(":", call -> 0);
    all.put("false", call -> 1);
    all.put("env", SystemCommands::env);
    all.put("printenv", SystemCommands::env);
    all.put("export", SystemCommands::export);
    all.put("unset", SystemCommands::unset);
    all.put("whoami", call -> say(call, call.shell().surroundings().account()));
    all.put("id", SystemCommands::id);
    all.put("hostname", call -> say(call, call.shell().surroundings().hostname()));
    all.put("uname", SystemCommands::uname);
    all.put("date", SystemCommands::date);
    all.put("sleep", SystemCommands::sleep);
    all.put("exit", SystemCommands::exit);
    all.put("logout", SystemCommands::exit);
    all.put("help", SystemCommands::help);
    all.put("history", SystemCommands::history);
    all.put("clear", call -> control(call, "\u001b[H\u001b[2J\u001b[3J"));
    all.put("reset", call -> control(call, "\u001bc"));
    all.put("tty", SystemCommands::tty);
    all.put("stty", SystemCommands::stty);
    all.put("read", SystemCommands::read);
    all.put("sh", SystemCommands::sh);
    all.put("bash", SystemCommands::sh);
    all.put("which", SystemCommands::which);
    all.put("type", SystemCommands::which);
    for (String editor : List.of("vi", "vim", "nano", "emacs")) {
      all.put(editor, call -> call.fail(call.shell().message("no-editor")));
    }
    all.put("sudo", call -> call.fail(call.shell().message("no-sudo")));
    all.put("su", call -> call.fail(call.shell().message("no-sudo")));
  }

  private static int say(Invocation call, String text) throws IOException {
    call.println(text);
    return 0;
  }

  private static int control(Invocation call, String sequence) throws IOException {
    call.print(sequence);
    return 0;
  }

  private static int env(Invocation call) throws IOException {
    if (!call.arguments().isEmpty()) {
      String value = call.shell().variables().get(call.arguments().getFirst());
      return value == null ? 1 : say(call, value);
    }
    for (Map.Entry<String, String> each : call.shell().variables().entrySet()) {
      call.println(each.getKey() + "=" + each.getValue());
    }
    return 0;
  }

  private static int export(Invocation call) throws IOException {
    for (String argument : call.arguments()) {
      if (!argument.matches("(?s)[A-Za-z_][A-Za-z0-9_]*(=.*)?")) {
        return call.fail("'" + argument + "': not a valid identifier");
      }
      if (argument.indexOf('=') > 0) {
        call.shell().assign(argument);
      }
    }
    return call.arguments().isEmpty() ? env(call) : 0;
  }

  private static int unset(Invocation call) {
    call.arguments().forEach(call.shell().variables()::remove);
    return 0;
  }

  private static int id(Invocation call) throws IOException {
    String account = call.shell().surroundings().account();
    int number = account.equals("root") ? 0 : 1000;
    return say(call, "uid=%1$d(%2$s) gid=%1$d(%2$s) groups=%1$d(%2$s)".formatted(number, account));
  }

  private static int uname(Invocation call) throws IOException {
    var options = call.options("asnrm");
    if (options == null) {
      return 1;
    }
    String host = call.shell().surroundings().hostname();
    List<String> words = new ArrayList<>();
    boolean all = options.has('a');
    if (all || options.has('s') || options.flags().isEmpty()) {
      words.add("Ongsung-practice");
    }
    if (all || options.has('n')) {
      words.add(host);
    }
    if (all || options.has('r')) {
      words.add("1.0");
    }
    if (all || options.has('m')) {
      words.add("memory");
    }
    return say(call, String.join(" ", words));
  }

  private static int date(Invocation call) throws IOException {
    ZonedDateTime now = ZonedDateTime.now(call.shell().surroundings().clock());
    List<String> arguments = new ArrayList<>(call.arguments());
    if (arguments.remove("-u")) {
      now = now.withZoneSameInstant(ZoneOffset.UTC);
    }
    if (arguments.equals(List.of("-Iseconds"))) {
      return say(call, DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx").format(now));
    }
    String format = arguments.isEmpty() ? "+%a %b %e %H:%M:%S %Z %Y" : arguments.getFirst();
    if (!format.startsWith("+") || arguments.size() > 1) {
      return call.fail("usage: date [-u] [-Iseconds | +FORMAT]");
    }
    return say(call, strftime(now, format.substring(1)));
  }

  private static String strftime(ZonedDateTime now, String format) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < format.length(); at++) {
      char c = format.charAt(at);
      if (c != '%' || at + 1 == format.length()) {
        text.append(c);
        continue;
      }
      char field = format.charAt(++at);
      text.append(
          switch (field) {
            case 'Y' -> pattern(now, "yyyy");
            case 'm' -> pattern(now, "MM");
            case 'd' -> pattern(now, "dd");
            case 'e' -> "%2d".formatted(now.getDayOfMonth());
            case 'H' -> pattern(now, "HH");
            case 'M' -> pattern(now, "mm");
            case 'S' -> pattern(now, "ss");
            case 'N' -> "%09d".formatted(now.getNano());
            case 's' -> Long.toString(now.toEpochSecond());
            case 'F' -> pattern(now, "yyyy-MM-dd");
            case 'T' -> pattern(now, "HH:mm:ss");
            case 'a' -> pattern(now, "EEE");
            case 'A' -> pattern(now, "EEEE");
            case 'b' -> pattern(now, "MMM");
            case 'B' -> pattern(now, "MMMM");
            case 'z' -> pattern(now, "xx");
            case 'Z' -> pattern(now, "zzz");
            case '%' -> "%";
            default -> "%" + field;
          });
    }
    return text.toString();
  }

  private static String pattern(ZonedDateTime now, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
  }

  private static int sleep(Invocation call) throws IOException {
    int max = call.shell().limits().maxSleepSeconds();
    if (call.arguments().size() != 1
        || !call.arguments().getFirst().matches("[0-9]{1,6}(\\.[0-9]{1,3})?s?")) {
      return call.fail("usage: sleep SECONDS");
    }
    double seconds = Double.parseDouble(call.arguments().getFirst().replace("s", ""));
    if (seconds > max) {
      return call.fail("at most " + max + " seconds");
    }
    call.out().flush();
    try {
      Thread.sleep(Duration.ofMillis((long) (seconds * 1000)));
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static int exit(Invocation call) throws IOException {
    String status =
        call.arguments().isEmpty()
            ? Integer.toString(call.shell().lastStatus())
            : call.arguments().getFirst();
    if (!status.matches("[0-9]{1,9}")) {
      call.fail(status + ": numeric argument required");
      status = "2";
    }
    call.shell().exit(Integer.parseInt(status) & 0xFF);
    return Integer.parseInt(status) & 0xFF;
  }

  private static int help(Invocation call) throws IOException {
    call.println(call.shell().message("help"));
    StringBuilder line = new StringBuilder(" ");
    Set<String> names = Commands.names();
    for (String name : names) {
      if (line.length() + name.length() > 76) {
        call.println(line.toString());
        line = new StringBuilder(" ");
      }
      line.append(' ').append(name);
    }
    return say(call, line.toString());
  }

  private static int history(Invocation call) throws IOException {
    List<String> lines = call.shell().history();
    for (int index = 0; index < lines.size(); index++) {
      call.println("%5d  %s".formatted(index + 1, lines.get(index)));
    }
    return 0;
  }

  private static int tty(Invocation call) throws IOException {
    if (call.shell().terminal() == null) {
      call.println("not a tty");
      return 1;
    }
    return say(call, "/dev/pts/0");
  }

  private static int stty(Invocation call) throws IOException {
    Terminal terminal = call.shell().terminal();
    if (terminal == null) {
      return call.fail("'standard input': Inappropriate ioctl for device");
    }
    return switch (String.join(" ", call.arguments())) {
      case "size" -> say(call, terminal.rows() + " " + terminal.columns());
      case "", "-a" -> say(call, "rows " + terminal.rows() + "; columns " + terminal.columns());
      case "-echo" -> {
        terminal.echo(false);
        yield 0;
      }
      case "echo", "sane" -> {
        terminal.echo(true);
        yield 0;
      }
      default -> call.fail("known are size, -a, echo and -echo");
    };
  }

  /// `read [-s] [-p PROMPT] NAME`: one line of standard input into a variable; `-s` shows nothing
  /// of it.
  private static int read(Invocation call) throws IOException {
    boolean silent = false;
    List<String> rest = new ArrayList<>(call.arguments());
    while (!rest.isEmpty() && rest.getFirst().startsWith("-")) {
      String option = rest.removeFirst();
      if (option.equals("-s")) {
        silent = true;
      } else if (option.endsWith("p") && !rest.isEmpty()) {
        silent |= option.equals("-sp");
        call.print(rest.removeFirst());
        call.out().flush();
      } else if (!option.equals("-r")) {
        return call.fail("usage: read [-s] [-p PROMPT] NAME");
      }
    }
    String name = rest.isEmpty() ? "REPLY" : rest.getFirst();
    Terminal terminal = call.shell().terminal();
    if (silent && terminal != null) {
      terminal.echo(false);
    }
    try {
      return readLine(call, name);
    } finally {
      if (silent && terminal != null) {
        terminal.echo(true);
        call.println("");
      }
    }
  }

  /// Byte by byte, so that what follows the line stays for the next command.
  private static int readLine(Invocation call, String name) throws IOException {
    InputStream in = call.streams().in();
    byte[] line = new byte[MAX_READ_BYTES];
    int length = 0;
    int octet = in.read();
    while (octet >= 0 && octet != '\n' && length < line.length) {
      line[length++] = (byte) octet;
      octet = in.read();
    }
    call.shell().assign(name + "=" + new String(line, 0, length, StandardCharsets.UTF_8));
    return octet < 0 && length == 0 ? 1 : 0;
  }

  private static int sh(Invocation call) throws IOException {
    List<String> arguments = call.arguments();
    if (arguments.size() >= 2 && arguments.getFirst().matches("-l?c")) {
      return call.shell().runNested(arguments.get(1), call.streams());
    }
    if (!arguments.isEmpty() && !arguments.getFirst().startsWith("-")) {
      int[] status = {0};
      int failed =
          call.inputs(arguments.subList(0, 1), (operand, in) -> status[0] = script(call, in));
      return failed != 0 ? 127 : status[0];
    }
    if (call.shell().terminal() != null) {
      return call.fail(call.shell().message("no-subshell"));
    }
    return script(call, call.streams().in());
  }

  private static int script(Invocation call, InputStream in) throws IOException {
    int max = call.shell().limits().maxLineChars();
    byte[] text = in.readNBytes(max + 1);
    return call.shell().runNested(new String(text, StandardCharsets.UTF_8), call.streams());
  }

  private static int which(Invocation call) throws IOException {
    int status = 0;
    for (String name : call.arguments()) {
      if (Commands.find(name) == null) {
        status = 1;
      } else {
        call.println("/usr/bin/" + name);
      }
    }
    return status;
  }
}
