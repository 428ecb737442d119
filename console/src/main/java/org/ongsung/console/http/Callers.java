package org.ongsung.console.http;

import java.net.InetAddress;
import java.util.Optional;

/// Knows who bears a token. Blocks.
@FunctionalInterface
public interface Callers {
  /// Who bears `token` now: the token is not expired, its user still there and active. Roles are
  /// read afresh each time.
  ///
  /// @param bearer whether it came in an `Authorization` header rather than a cookie; a cookie
  ///   holds console sessions only
  Optional<Caller> find(String token, InetAddress source, boolean bearer);
}
