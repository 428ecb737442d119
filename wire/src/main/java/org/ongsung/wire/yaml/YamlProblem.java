package org.ongsung.wire.yaml;

/// One thing that is wrong in a YAML document, and where.
///
/// @param source the document's name, as the person knows it
/// @param line counted from 1
/// @param column counted from 1, in code points
/// @param message what is expected there, in a sentence without the place; never holds the value of
///   a text field, which may be a secret
public record YamlProblem(String source, int line, int column, String message) {
  /// `access.yaml:12:9: expected …`
  @Override
  public String toString() {
    return source + ":" + line + ":" + column + ": " + message;
  }
}
