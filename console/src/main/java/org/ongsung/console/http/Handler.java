package org.ongsung.console.http;

import java.io.IOException;

/// Acts on a request that has been found allowed. Blocking code on a virtual thread; what it wants
/// of this system itself it [asks][Exchange#ask] in process, never by HTTP.
@FunctionalInterface
public interface Handler {
  Reply handle(Exchange exchange) throws IOException, InterruptedException;
}
