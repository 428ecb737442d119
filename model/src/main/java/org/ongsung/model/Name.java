package org.ongsung.model;

/// The name of a user, group, target, account or grant: `[a-z0-9][a-z0-9._-]{0,62}`, so 1 to 63
/// characters.
///
/// The set is small on purpose: a name stands in an SSH user name (`alice+root+web-1`), in a URL
/// and on a command line without quoting. Free text belongs in a title.
public record Name(String value) implements Comparable<Name> {
  /// The most characters a name may have, inclusive.
  public static final int MAX_CHARACTERS = 63;

  public Name {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "not a name (1 to 63 of a-z 0-9 . _ -, a letter or digit first): " + Shown.quoted(value));
    }
  }

  /// Whether `text` can be a name.
  public static boolean isValid(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_CHARACTERS || !isLetterOrDigit(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /// A name from its text; the short form of the constructor.
  public static Name of(String value) {
    return new Name(value);
  }

  @Override
  public int compareTo(Name other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
