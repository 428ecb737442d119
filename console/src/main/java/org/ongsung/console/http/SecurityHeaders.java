package org.ongsung.console.http;

import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.PreEncodedHttpField;

/// The header fields that tell browsers what no page of ours ever needs.
final class SecurityHeaders {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'%s; style-src 'self'%s; img-src 'self' data:; "
          + "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
          + "frame-ancestors 'none'";

  private static final Map<Surface, List<HttpField>> HEADERS =
      Map.of(
          Surface.PAGE, headers(POLICY.formatted("", "")),
          Surface.PLAYER_PAGE, headers(POLICY.formatted(" 'wasm-unsafe-eval'", "")),
          Surface.API, headers("default-src 'none'; frame-ancestors 'none'"),
          Surface.SOCKET, headers("default-src 'none'; frame-ancestors 'none'"),
          Surface.ASSET, headers("default-src 'none'; frame-ancestors 'none'"));

  private SecurityHeaders() {}

  static List<HttpField> of(Surface surface) {
    return HEADERS.getOrDefault(surface, List.of());
  }

  /// The policy of a page on which a script of ours makes styles that carry `nonce`.
  static String policyWithStyles(String nonce) {
    return POLICY.formatted("", " 'nonce-" + nonce + "'");
  }

  private static List<HttpField> headers(String policy) {
    return List.of(
        field("Content-Security-Policy", policy),
        field("X-Content-Type-Options", "nosniff"),
        field("X-Frame-Options", "DENY"),
        field("Referrer-Policy", "same-origin"),
        field("Cross-Origin-Opener-Policy", "same-origin"),
        field("Cross-Origin-Resource-Policy", "same-origin"),
        field(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)"));
  }

  private static HttpField field(String name, String value) {
    return new PreEncodedHttpField(name, value);
  }
}
