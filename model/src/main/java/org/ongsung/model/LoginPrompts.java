package org.ongsung.model;

import java.util.List;

/// How a target that asks for the login on the terminal itself, as Telnet does, can be told to ask.
///
/// Each is a pattern for the last line shown, without regard to case and to spaces at its end: `*`
/// stands for any characters, `?` for one. Where a list is empty the usual ones count.
///
/// @param login asks for the name, such as `*login:`
/// @param password asks for the password, such as `*password:`
/// @param ready the login is done, such as `*#`
/// @param refused the login has failed, such as `*incorrect*`; looked for in every line
public record LoginPrompts(
    List<String> login, List<String> password, List<String> ready, List<String> refused) {
  /// The usual ones.
  public static final LoginPrompts USUAL =
      new LoginPrompts(List.of(), List.of(), List.of(), List.of());

  /// The most patterns of a kind, inclusive.
  public static final int MAX_PATTERNS = 16;

  /// The longest pattern, in characters, inclusive.
  public static final int MAX_CHARACTERS = 100;

  public LoginPrompts {
    login = checked(login);
    password = checked(password);
    ready = checked(ready);
    refused = checked(refused);
  }

  private static List<String> checked(List<String> patterns) {
    if (patterns.size() > MAX_PATTERNS) {
      throw new IllegalArgumentException("at most " + MAX_PATTERNS + " patterns of a kind");
    }
    patterns.forEach(LoginPrompts::pattern);
    return List.copyOf(patterns);
  }

  /// The pattern itself, if it can be one; throws [IllegalArgumentException] for any other.
  public static String pattern(String text) {
    if (text.isBlank()
        || text.length() > MAX_CHARACTERS
        || text.codePoints().anyMatch(Character::isISOControl)
        || text.chars().allMatch(c -> c == '*' || c == ' ')) {
      throw new IllegalArgumentException(
          "a prompt is 1 to 100 characters, more than *, without control characters: "
              + Shown.quoted(text));
    }
    return text;
  }
}
