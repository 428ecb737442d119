package org.ongsung.console.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the forms of one answer prove themselves with. Made when something asks for it, which most
/// requests never do. For the request's own thread.
final class FormProof {
  private final Optional<String> known;
  private @Nullable String made;
  private @Nullable String token;

  /// @param known the secret of the login, or of the cookie of somebody without one
  FormProof(Optional<String> known) {
    this.known = known;
  }

  /// The token that stands in the forms, of the known secret or of a new one.
  String token() {
    String now = token;
    if (now == null) {
      now = Csrf.tokenOf(known.orElseGet(this::make));
      token = now;
    }
    return now;
  }

  private String make() {
    String secret = Csrf.newSecret();
    made = secret;
    return secret;
  }

  /// The secret that had to be made, for the browser to bring back.
  Optional<String> made() {
    return Optional.ofNullable(made);
  }
}
