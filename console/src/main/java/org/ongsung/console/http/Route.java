package org.ongsung.console.http;

/// One line of the route table.
///
/// @param method upper case; `GET` serves `HEAD` too
/// @param template a URI template of level 1 (RFC 6570), such as `/sessions/{id}`
/// @param access who may
/// @param changes whether state changes, so that a request by cookie needs the form's token
/// @param maxBodyBytes the longest request body, inclusive; 0 for none; [#STREAMED] where the
///   handler takes it in pieces
/// @param doc what the OpenAPI document says of it; null for pages
public record Route(
    String method,
    String template,
    Surface surface,
    Access access,
    boolean changes,
    int maxBodyBytes,
    Handler handler,
    @org.jspecify.annotations.Nullable ApiDoc doc) {
  /// A body that is never held whole: see [Exchange#parts].
  public static final int STREAMED = -1;

  public Route {
    if (changes == (method.equals("GET") || method.equals("HEAD"))) {
      throw new IllegalArgumentException("GET reads, all else changes: " + method + " " + template);
    }
  }

  boolean isStreamed() {
    return maxBodyBytes == STREAMED;
  }
}
