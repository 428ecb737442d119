package org.ongsung.console.http;

import java.util.LinkedHashMap;
import java.util.Map;

/// The header fields that tell browsers what no page of ours ever needs.
final class SecurityHeaders {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'%s; style-src 'self'%s; img-src 'self' data:; "
          + "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
          + "frame-ancestors 'none'";

  private static final Map<Surface, Map<String, String>> HEADERS =
      Map.of(
          Surface.PAGE, headers(POLICY.formatted("", "")),
          Surface.PLAYER_PAGE, headers(POLICY.formatted(" 'wasm-unsafe-eval'", "")),
          Surface.API, headers("default-src 'none'; frame-ancestors 'none'"),
          Surface.SOCKET, headers("default-src 'none'; frame-ancestors 'none'"),
          Surface.ASSET, headers("default-src 'none'; frame-ancestors 'none'"));

  private SecurityHeaders() {}

  static Map<String, String> of(Surface surface) {
    return HEADERS.getOrDefault(surface, Map.of());
  }

  /// The policy of a page on which a script of ours makes styles that carry `nonce`.
  static String policyWithStyles(String nonce) {
    return POLICY.formatted("", " 'nonce-" + nonce + "'");
  }

  private static Map<String, String> headers(String policy) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Security-Policy", policy);
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    headers.put("Referrer-Policy", "same-origin");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put(
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)");
    return headers;
  }
}
