package org.ongsung.console.http;

import java.io.IOException;

/// Acts on a request that has been found allowed. Blocking code on a virtual thread; never makes an
/// HTTP request to this gateway itself.
@FunctionalInterface
public interface Handler {
  Reply handle(Exchange exchange) throws IOException, InterruptedException;
}
