package org.ongsung.console.http;

/// What kind of answers a route gives; decides how errors and missing logins look, and which
/// security headers go out.
public enum Surface {
  /// HTML for people.
  PAGE,
  /// HTML with a player on it: its Content-Security-Policy lets WebAssembly run.
  PLAYER_PAGE,
  /// JSON for programs.
  API,
  /// A WebSocket for scripts of our own pages: the browser must say that it comes from one.
  SOCKET,
  /// Files that never change under their address.
  ASSET
}
