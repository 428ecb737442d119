package org.ongsung.practice.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `test` and `[`: one condition, which `!` turns around.
final class TestCommand {
  private static final int WRONG = 2;

  private TestCommand() {}

  static void addTo(Map<String, Command> all) {
    all.put("test", call -> run(call, call.arguments()));
    all.put(
        "[",
        call -> {
          if (call.arguments().isEmpty() || !call.arguments().getLast().equals("]")) {
            call.fail("missing ']'");
            return WRONG;
          }
          return run(call, call.arguments().subList(0, call.arguments().size() - 1));
        });
  }

  private static int run(Invocation call, List<String> words) throws IOException {
    boolean negated = !words.isEmpty() && words.getFirst().equals("!");
    List<String> condition = negated ? words.subList(1, words.size()) : words;
    int status =
        switch (condition.size()) {
          case 0 -> 1;
          case 1 -> condition.getFirst().isEmpty() ? 1 : 0;
          case 2 -> unary(call, condition.getFirst(), condition.getLast());
          case 3 -> binary(call, condition.get(0), condition.get(1), condition.get(2));
          default -> wrong(call, "too many arguments");
        };
    return status == WRONG || !negated ? status : 1 - status;
  }

  private static int unary(Invocation call, String operator, String operand) throws IOException {
    Path path = call.path(operand);
    return switch (operator) {
      case "-e" -> status(Files.exists(path));
      case "-f" -> status(Files.isRegularFile(path));
      case "-d" -> status(Files.isDirectory(path));
      case "-L", "-h" -> status(Files.isSymbolicLink(path));
      case "-r", "-w" -> status(Files.exists(path));
      case "-s" -> status(Files.isRegularFile(path) && Files.size(path) > 0);
      case "-n" -> status(!operand.isEmpty());
      case "-z" -> status(operand.isEmpty());
      case "-t" -> status(call.shell().terminal() != null);
      default -> wrong(call, operator + ": unknown operator");
    };
  }

  private static int binary(Invocation call, String left, String operator, String right)
      throws IOException {
    if (operator.equals("=") || operator.equals("==")) {
      return status(left.equals(right));
    }
    if (operator.equals("!=")) {
      return status(!left.equals(right));
    }
    if (!left.matches("-?[0-9]{1,18}") || !right.matches("-?[0-9]{1,18}")) {
      return wrong(call, "whole numbers are expected around " + operator);
    }
    int order = Long.compare(Long.parseLong(left), Long.parseLong(right));
    return switch (operator) {
      case "-eq" -> status(order == 0);
      case "-ne" -> status(order != 0);
      case "-lt" -> status(order < 0);
      case "-le" -> status(order <= 0);
      case "-gt" -> status(order > 0);
      case "-ge" -> status(order >= 0);
      default -> wrong(call, operator + ": unknown operator");
    };
  }

  private static int status(boolean holds) {
    return holds ? 0 : 1;
  }

  private static int wrong(Invocation call, String message) throws IOException {
    call.fail(message);
    return WRONG;
  }
}
