package org.ongsung.console.http;

/// Writes problems for people.
@FunctionalInterface
public interface ProblemPages {
  /// A page that says what went wrong, in the person's language.
  ///
  /// @param acceptLanguage the header, or empty
  /// @param language the language cookie, or empty
  /// @param id under which an operator finds the cause in the log
  String render(HttpProblem problem, String id, String acceptLanguage, String language);
}
