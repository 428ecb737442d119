package org.ongsung.console.http;

import java.time.Duration;

/// The cookies of the console and how they are written (RFC 6265 section 4.1).
public final class Cookies {
  /// Holds the token of a console session. Not readable by scripts.
  public static final String SESSION = "ongsung-session";

  /// Holds what the forms of somebody not logged in prove themselves with.
  public static final String FORM = "ongsung-form";

  /// `ko` or `en`: the language that somebody chose.
  public static final String LANGUAGE = "ongsung-language";

  /// The browser's time zone, such as `Asia/Seoul`; written by a script.
  public static final String ZONE = "ongsung-zone";

  /// To where browsers send a cookie back.
  ///
  /// @param path starts with a slash
  /// @param secure over TLS alone
  public record Scope(String path, boolean secure) {
    private String attributes() {
      return "; Path=" + path + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }
  }

  private Cookies() {}

  /// A cookie that lasts as long as the browser, or `age` when that is not zero. `value` must be of
  /// letters, digits, `-`, `_`, `.`, `~`.
  public static String set(String name, String value, Duration age, Scope scope) {
    if (!value.matches("[A-Za-z0-9._~-]*")) {
      throw new IllegalArgumentException("not fit for a cookie");
    }
    return name
        + "="
        + value
        + scope.attributes()
        + (age.isZero() ? "" : "; Max-Age=" + age.toSeconds());
  }

  /// Makes the browser forget.
  public static String clear(String name, Scope scope) {
    return name + "=" + scope.attributes() + "; Max-Age=0";
  }
}
