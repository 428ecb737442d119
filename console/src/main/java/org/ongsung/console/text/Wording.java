package org.ongsung.console.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ongsung.directory.Problem;
import org.ongsung.model.EndReason;

/// Says in the reader's language what other rooms write down in English or as codes: reasons in the
/// ledger, factors of a login, results of file operations, problems of the directory.
///
/// A reason that the gateway itself gives stands as `said.…` in both languages; the English one is
/// what it is recognised by. Anything else, such as a message of a target's, stays as it is.
public final class Wording {
  private static final List<Saying> SAYINGS = sayings();

  private final Messages messages;

  private record Saying(String key, Pattern english) {}

  public Wording(Messages messages) {
    this.messages = messages;
  }

  private static List<Saying> sayings() {
    Messages english = Messages.of(Language.ENGLISH);
    List<Saying> sayings = new ArrayList<>();
    for (String key : english.keys()) {
      if (key.startsWith("said.")) {
        String pattern =
            Arrays.stream(english.text(key).split("\\{[0-9]}", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining("(.{1,600})"));
        sayings.add(new Saying(key, Pattern.compile(pattern, Pattern.DOTALL)));
      }
    }
    return List.copyOf(sayings);
  }

  /// The text of `prefix.word`, or the word itself where there is none.
  public String word(String prefix, String word) {
    String key = prefix + "." + word;
    return messages.has(key) ? messages.text(key) : word;
  }

  /// Whether [#said] knows the sentence.
  public static boolean isKnown(String sentence) {
    return find(sentence).isPresent();
  }

  private static Optional<Saying> find(String sentence) {
    return SAYINGS.stream().filter(one -> one.english.matcher(sentence).matches()).findFirst();
  }

  /// A reason in the reader's language, or as it is where nobody has put it into words.
  public String said(String sentence) {
    Optional<Saying> saying = find(sentence);
    if (saying.isEmpty()) {
      return sentence;
    }
    Matcher matcher = saying.get().english.matcher(sentence);
    Object[] arguments = new Object[matcher.matches() ? matcher.groupCount() : 0];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = word("capability", matcher.group(i + 1));
    }
    return messages.text(saying.get().key, arguments);
  }

  /// Why a session ended, with what its target or network said in the reader's language too where
  /// that is known.
  public String end(EndReason reason) {
    Map<String, String> parameters = new TreeMap<>(reason.parameters());
    parameters.computeIfPresent("error", (name, error) -> said(error));
    return new EndReason(reason.code(), parameters).in(messages.locale());
  }

  /// How somebody proved who they are, such as `publickey SHA256:…`.
  public String factors(String factors) {
    return words("factor", factors);
  }

  /// Flags of an open or attributes, such as `write create` or `mode=0644`.
  public String fileDetail(String detail) {
    return words("flag", detail);
  }

  private String words(String prefix, String text) {
    return Arrays.stream(text.split(" ", -1))
        .map(one -> word(prefix, one))
        .collect(Collectors.joining(" "));
  }

  /// What a target answered to a file operation: its status, and its own message as it is.
  public String fileResult(String result) {
    int colon = result.indexOf(": ");
    String status = colon < 0 ? result : result.substring(0, colon);
    String message = colon < 0 ? "" : result.substring(colon);
    String own = word("result", status.replace(' ', '-'));
    boolean repeats = message.toLowerCase(java.util.Locale.ROOT).equals(": " + status);
    return own.equals(status.replace(' ', '-')) ? result : repeats ? own : own + message;
  }

  /// A problem of the directory, with the field of the form that it is about.
  public String problem(Problem problem) {
    String what = messages.text("problem." + problem.code().text(), arguments(problem));
    String place = place(problem.where());
    return place.isEmpty() ? what : messages.text("problem.at", place, what);
  }

  /// Why an entry cannot be deleted: the rules speak of the directory as it would be without it.
  public String deletion(Problem problem) {
    return switch (problem.code()) {
      case GRANT_NAMES_USERS, GRANT_NAMES_GROUPS, GRANT_NAMES_TARGETS ->
          messages.text("problem.still-named", arguments(problem));
      default -> problem(problem);
    };
  }

  private Object[] arguments(Problem problem) {
    List<Object> arguments = new ArrayList<>(problem.arguments());
    while (arguments.size() < 3) {
      arguments.add("");
    }
    if (problem.code() == Problem.Code.IN_LIST) {
      arguments.set(0, said(problem.arguments().getFirst()));
    }
    if (problem.code() == Problem.Code.TOO_MANY) {
      arguments.set(0, word("nav", problem.arguments().getFirst()));
    }
    if (problem.code() == Problem.Code.WRITTEN_TWICE) {
      arguments.set(0, word("field", problem.arguments().getFirst()));
    }
    return arguments.toArray();
  }

  /// A field of a difference, such as `labels.env` or `accounts.root.login`: words of ours for what
  /// has them, names as they are.
  public String field(String field) {
    int dot = field.indexOf('.');
    String first = word("place", dot < 0 ? field : field.substring(0, dot));
    if (dot < 0) {
      return first;
    }
    String rest = field.substring(dot + 1);
    int last = rest.lastIndexOf('.');
    boolean known = last > 0 && messages.has("place." + rest.substring(last + 1));
    return first
        + " "
        + (known ? rest.substring(0, last) + " " + word("place", rest.substring(last + 1)) : rest);
  }

  /// `accounts[0].privateKey.plain` becomes the names of the form's fields.
  private String place(String where) {
    List<String> parts = new ArrayList<>();
    for (String step : where.split("\\.", -1)) {
      int bracket = step.indexOf('[');
      String name = bracket < 0 ? step : step.substring(0, bracket);
      if (name.equals("line") && bracket >= 0) {
        parts.add(messages.text("problem.line", number(step, bracket)));
        continue;
      }
      String key = "place." + name;
      if (messages.has(key) && !messages.text(key).isEmpty()) {
        parts.add(
            bracket < 0
                ? messages.text(key)
                : messages.text("problem.nth", messages.text(key), number(step, bracket)));
      }
    }
    return String.join(" · ", parts);
  }

  private static int number(String step, int bracket) {
    String digits = step.substring(bracket + 1, step.length() - 1);
    return digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) + 1 : 0;
  }
}
