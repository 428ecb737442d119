package org.ongsung.cli.client;

import java.net.URI;

/// No gateway answers where one should.
public final class GatewayUnreachable extends RuntimeException {
  private final transient URI address;

  public GatewayUnreachable(URI address, Throwable cause) {
    super("no gateway answers at " + address, cause);
    this.address = address;
  }

  public URI address() {
    return address;
  }
}
