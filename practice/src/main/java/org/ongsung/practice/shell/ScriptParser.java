package org.ongsung.practice.shell;

import java.util.ArrayList;
import java.util.List;
import org.ongsung.practice.shell.Script.Mode;
import org.ongsung.practice.shell.Script.Part;
import org.ongsung.practice.shell.Script.Redirect;
import org.ongsung.practice.shell.Script.Simple;
import org.ongsung.practice.shell.Script.Step;
import org.ongsung.practice.shell.Script.When;
import org.ongsung.practice.shell.Script.Word;

/// Parses the practice shell's language: words with quotes and variables, `|`, `;`, `&&`, `||`,
/// redirections and comments, as POSIX.1-2017 XCU chapter 2 has them. Everything else of a real
/// shell is refused by name.
final class ScriptParser {
  private static final String BREAKS = " \t\n;&|<>";

  private final String line;
  private final int maxCommands;
  private final List<Step> steps = new ArrayList<>();
  private List<Simple> pipeline = new ArrayList<>();
  private List<Word> words = new ArrayList<>();
  private List<Redirect> redirects = new ArrayList<>();
  private When when = When.ALWAYS;
  private boolean commandWanted;
  private int at;

  private ScriptParser(String line, int maxCommands) {
    this.line = line;
    this.maxCommands = maxCommands;
  }

  static Script parse(String line, ShellLimits limits) throws ShellSyntaxException {
    if (line.length() > limits.maxLineChars()) {
      throw new ShellSyntaxException(
          "the line is longer than " + limits.maxLineChars() + " characters");
    }
    return new ScriptParser(line, limits.maxPipelineCommands()).run();
  }

  private Script run() throws ShellSyntaxException {
    while (at < line.length()) {
      char c = line.charAt(at);
      switch (c) {
        case ' ', '\t', '\r' -> at++;
        case '#' -> skipComment();
        case ';', '\n' -> {
          at++;
          endStep(When.ALWAYS);
        }
        case '&' -> ampersand();
        case '|' -> bar();
        case '<', '>' -> redirect(c == '<' ? 0 : 1);
        case '(', ')' -> throw new ShellSyntaxException("( ) is not known to the practice shell");
        default -> wordOrDescriptor();
      }
    }
    endStep(When.ALWAYS);
    return new Script(List.copyOf(steps));
  }

  private void skipComment() {
    int end = line.indexOf('\n', at);
    at = end < 0 ? line.length() : end;
  }

  private void ampersand() throws ShellSyntaxException {
    if (!line.startsWith("&&", at)) {
      throw new ShellSyntaxException("& (in the background) is not known to the practice shell");
    }
    at += 2;
    needCommand("&&");
    endStep(When.AFTER_SUCCESS);
    commandWanted = true;
  }

  private void bar() throws ShellSyntaxException {
    if (line.startsWith("||", at)) {
      at += 2;
      needCommand("||");
      endStep(When.AFTER_FAILURE);
    } else {
      at++;
      needCommand("|");
      endCommand();
      if (pipeline.size() >= maxCommands) {
        throw new ShellSyntaxException("more than " + maxCommands + " commands in a pipe");
      }
    }
    commandWanted = true;
  }

  private void redirect(int descriptor) throws ShellSyntaxException {
    if (line.startsWith("<<", at)) {
      throw new ShellSyntaxException("<< is not known to the practice shell");
    }
    Mode mode = Mode.WRITE;
    if (line.charAt(at++) == '<') {
      mode = Mode.READ;
    } else if (at < line.length() && line.charAt(at) == '>') {
      at++;
      mode = Mode.APPEND;
    } else if (at < line.length() && line.charAt(at) == '&') {
      at++;
      mode = Mode.DUPLICATE;
    }
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    if (at >= line.length() || BREAKS.indexOf(line.charAt(at)) >= 0) {
      throw new ShellSyntaxException("a file name is missing after < or >");
    }
    redirects.add(new Redirect(descriptor, mode, word()));
  }

  private void wordOrDescriptor() throws ShellSyntaxException {
    char c = line.charAt(at);
    if ((c >= '0' && c <= '2')
        && at + 1 < line.length()
        && (line.charAt(at + 1) == '>' || line.charAt(at + 1) == '<')) {
      at++;
      redirect(c - '0');
      return;
    }
    words.add(word());
  }

  private Word word() throws ShellSyntaxException {
    List<Part> parts = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    while (at < line.length() && BREAKS.indexOf(line.charAt(at)) < 0) {
      char c = line.charAt(at++);
      switch (c) {
        case '\'' -> {
          flush(plain, parts);
          parts.add(new Part(upTo('\''), false, true));
        }
        case '"' -> {
          flush(plain, parts);
          doubleQuoted(parts);
        }
        case '\\' -> {
          flush(plain, parts);
          parts.add(new Part(at < line.length() ? line.substring(at, ++at) : "", false, true));
        }
        case '$' -> {
          flush(plain, parts);
          parts.add(dollar(false));
        }
        case '`', '(', ')' ->
            throw new ShellSyntaxException(c + " is not known to the practice shell");
        default -> plain.append(c);
      }
    }
    flush(plain, parts);
    return new Word(List.copyOf(parts));
  }

  private void doubleQuoted(List<Part> parts) throws ShellSyntaxException {
    StringBuilder text = new StringBuilder();
    while (at < line.length()) {
      char c = line.charAt(at++);
      switch (c) {
        case '"' -> {
          parts.add(new Part(text.toString(), false, true));
          return;
        }
        case '$' -> {
          parts.add(new Part(text.toString(), false, true));
          text.setLength(0);
          parts.add(dollar(true));
        }
        case '`' -> throw new ShellSyntaxException("` is not known to the practice shell");
        case '\\' -> {
          char next = at < line.length() ? line.charAt(at++) : '\\';
          text.append("$`\"\\".indexOf(next) < 0 ? "\\" + next : String.valueOf(next));
        }
        default -> text.append(c);
      }
    }
    throw new ShellSyntaxException("a \" is not closed");
  }

  /// What follows a dollar sign.
  private Part dollar(boolean quoted) throws ShellSyntaxException {
    if (at >= line.length()) {
      return new Part("$", false, quoted);
    }
    char c = line.charAt(at);
    if (c == '(') {
      throw new ShellSyntaxException("$( ) is not known to the practice shell");
    }
    if (c == '{') {
      at++;
      String name = upTo('}');
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*|[?$#0]")) {
        throw new ShellSyntaxException("${" + name + "} is not known to the practice shell");
      }
      return new Part(name, true, quoted);
    }
    if ("?$#0".indexOf(c) >= 0) {
      at++;
      return new Part(String.valueOf(c), true, quoted);
    }
    int end = at;
    while (end < line.length() && isNameChar(line.charAt(end))) {
      end++;
    }
    if (end == at) {
      return new Part("$", false, quoted);
    }
    String name = line.substring(at, end);
    at = end;
    return new Part(name, true, quoted);
  }

  private static boolean isNameChar(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private String upTo(char close) throws ShellSyntaxException {
    int end = line.indexOf(close, at);
    if (end < 0) {
      throw new ShellSyntaxException("a " + close + " is missing");
    }
    String text = line.substring(at, end);
    at = end + 1;
    return text;
  }

  private static void flush(StringBuilder plain, List<Part> parts) {
    if (!plain.isEmpty()) {
      parts.add(new Part(plain.toString(), false, false));
      plain.setLength(0);
    }
  }

  private boolean isEmpty() {
    return words.isEmpty() && redirects.isEmpty();
  }

  private void needCommand(String before) throws ShellSyntaxException {
    if (isEmpty()) {
      throw new ShellSyntaxException("a command is missing before " + before);
    }
  }

  private void endCommand() {
    if (!isEmpty()) {
      pipeline.add(new Simple(List.copyOf(words), List.copyOf(redirects)));
      words = new ArrayList<>();
      redirects = new ArrayList<>();
      commandWanted = false;
    }
  }

  private void endStep(When next) throws ShellSyntaxException {
    if (commandWanted && isEmpty()) {
      throw new ShellSyntaxException("a command is missing");
    }
    endCommand();
    if (!pipeline.isEmpty()) {
      steps.add(new Step(when, List.copyOf(pipeline)));
      pipeline = new ArrayList<>();
    }
    when = next;
  }
}
