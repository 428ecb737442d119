package org.ongsung.console.http;

/// Keeps redirects inside the console.
public final class Redirects {
  private static final int MAX_CHARACTERS = 2_048;

  private Redirects() {}

  /// `path` if it is an address of this console, else `otherwise`. Inside is what starts with one
  /// slash, has no second slash or backslash behind it, and nothing but printable ASCII: browsers
  /// read `//host` and `/\host` as another site and drop tabs and newlines before they look.
  public static String inside(String path, String otherwise) {
    boolean inside =
        path.length() <= MAX_CHARACTERS
            && path.startsWith("/")
            && !path.startsWith("//")
            && path.indexOf('\\') < 0
            && path.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return inside ? path : otherwise;
  }
}
