package org.ongsung.console.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which form of a resource a client takes, and which it has already (RFC 9110 sections 12.5.3 and
/// 13.1.2).
final class Codings {
  private static final int MAX_ITEMS = 100;

  private Codings() {}

  /// Whether `Accept-Encoding` takes gzip: named, or by `*` where it is not, with a weight other
  /// than 0.
  static boolean takesGzip(@Nullable String acceptEncoding) {
    if (acceptEncoding == null) {
      return false;
    }
    boolean any = false;
    for (String item : acceptEncoding.toLowerCase(Locale.ROOT).split(",", MAX_ITEMS)) {
      String[] parts = item.split(";", 2);
      String coding = parts[0].strip();
      boolean wanted = parts.length == 1 || !isZero(parts[1].strip());
      if (coding.equals("gzip") || coding.equals("x-gzip")) {
        return wanted;
      }
      any |= coding.equals("*") && wanted;
    }
    return any;
  }

  /// `q=0`, with up to three zeros after a point.
  private static boolean isZero(String weight) {
    return weight.matches("q\\s*=\\s*0(\\.0{0,3})?");
  }

  /// Whether `If-None-Match` names the entity tag, weakly compared: a front server may have made it
  /// weak.
  ///
  /// @param tag with its quotes
  static boolean names(@Nullable String ifNoneMatch, String tag) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String item : ifNoneMatch.split(",", MAX_ITEMS)) {
      String one = item.strip();
      if (one.equals("*") || (one.startsWith("W/") ? one.substring(2) : one).equals(tag)) {
        return true;
      }
    }
    return false;
  }
}
