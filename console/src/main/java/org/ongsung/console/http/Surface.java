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
  /// Files that never change under their address.
  ASSET
}
