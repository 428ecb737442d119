package org.ongsung.fastcgi.server;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A connector cannot have the address that it was given. The cause, if there is one, says why.
public final class CannotListenException extends IOException {
  private static final long serialVersionUID = 1;

  CannotListenException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
