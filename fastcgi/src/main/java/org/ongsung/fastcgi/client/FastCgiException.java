package org.ongsung.fastcgi.client;

import java.io.IOException;

/// The application declined a request or did not keep to the protocol.
public final class FastCgiException extends IOException {
  private static final long serialVersionUID = 1;

  public FastCgiException(String message) {
    super(message);
  }
}
