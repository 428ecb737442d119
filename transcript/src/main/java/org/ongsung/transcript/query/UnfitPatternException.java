package org.ongsung.transcript.query;

/// What was typed cannot be looked for.
public final class UnfitPatternException extends Exception {
  private final String code;

  /// @param code `empty`, `malformed`, `unsupported` or `too-large`
  /// @param problem what is wrong, in plain English
  public UnfitPatternException(String code, String problem) {
    super(problem);
    this.code = code;
  }

  /// A word for the kind of problem.
  public String code() {
    return code;
  }
}
