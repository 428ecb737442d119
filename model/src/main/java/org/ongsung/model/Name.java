package org.ongsung.model;

import java.util.regex.Pattern;

/// The name of a user, group, target, account or grant: `[a-z0-9][a-z0-9._-]{0,62}`, so 1 to 63
/// characters.
///
/// The set is small on purpose: a name stands in an SSH user name (`alice+root+web-1`), in a URL
/// and on a command line without quoting. Free text belongs in a title.
public record Name(String value) implements Comparable<Name> {
  /// The most characters a name may have, inclusive.
  public static final int MAX_CHARACTERS = 63;

  private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  public Name {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "not a name (1 to 63 of a-z 0-9 . _ -, a letter or digit first): " + Shown.quoted(value));
    }
  }

  /// Whether `text` can be a name.
  public static boolean isValid(String text) {
    return text.length() <= MAX_CHARACTERS && SHAPE.matcher(text).matches();
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
