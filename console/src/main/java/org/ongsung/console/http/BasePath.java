package org.ongsung.console.http;

import java.util.Optional;
import java.util.regex.Pattern;

/// The path under which browsers see the console: nothing at the root of its host, or like
/// `/ongsung`. Inside the console every address starts at its own root; the base is taken off where
/// a request comes in and put before every address that goes out.
///
/// @param text empty, or a slash and names of letters, digits, `.`, `_`, `~` and `-` with slashes
///   between; without a slash at the end
public record BasePath(String text) {
  private static final int MAX_CHARACTERS = 200;
  private static final Pattern SHAPE = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)*");

  /// The console has a host to itself.
  public static final BasePath ROOT = new BasePath("");

  public BasePath {
    if (text.length() > MAX_CHARACTERS || !SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a path is of letters, digits, dots, hyphens and single slashes, like /ongsung");
    }
  }

  /// The path of a URL; a slash at its end says nothing.
  ///
  /// @throws IllegalArgumentException when it cannot be one
  public static BasePath of(String path) {
    return new BasePath(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
  }

  /// The address by which a browser reaches `inside`, which starts with a slash.
  public String address(String inside) {
    return text + inside;
  }

  /// What browsers send cookies back to.
  String cookiePath() {
    return text.isEmpty() ? "/" : text;
  }

  /// The part of a path, with or without a query, that lies behind the base; nothing when it lies
  /// elsewhere.
  Optional<String> inside(String path) {
    return path.startsWith(text + "/")
        ? Optional.of(path.substring(text.length()))
        : Optional.empty();
  }

  /// Whether a path lies before the console's door, where a person may knock who left out the end
  /// of the address: `/`, or the base without its last slash.
  boolean isDoorstep(String path) {
    return !text.isEmpty() && (path.equals("/") || path.equals(text));
  }
}
