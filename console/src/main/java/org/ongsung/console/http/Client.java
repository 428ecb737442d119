package org.ongsung.console.http;

import java.net.InetAddress;

/// Whom a request comes from, as far as it is believed.
///
/// @param address the browser's, or that of who connected where nobody believed said otherwise
/// @param secure whether the browser came by TLS
/// @param host what the browser asked for, perhaps with a port; empty when it did not say
/// @param way how that is known
record Client(InetAddress address, boolean secure, String host, Way way) {
  /// How a client's address is known.
  enum Way {
    /// It connected itself.
    DIRECT,
    /// A load balancer said so before the first byte, by the PROXY protocol.
    PROXY_PROTOCOL,
    /// A front server's headers say so.
    HEADERS,
    /// A front server connected and says nothing.
    UNTOLD,
    /// A front server says so by FastCGI.
    FASTCGI
  }
}
