package org.ongsung.console.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// Which site a page belongs to, as its browser says (RFC 6454 section 7).
final class Origin {
  private Origin() {}

  /// Whether `origin` is a page of the site that the browser asks for as `host`, with or without a
  /// port. The port that an origin leaves out is its scheme's; whether TLS was ended before us does
  /// not matter.
  static boolean isAt(String origin, String host) {
    try {
      URI page = new URI(origin);
      if (page.getScheme() == null || page.getHost() == null || page.getRawUserInfo() != null) {
        return false; // `null`, as from a sandbox
      }
      int usual = page.getScheme().equals("https") ? 443 : 80;
      URI asked = new URI(page.getScheme() + "://" + host);
      return asked.getHost() != null
          && asked.getRawUserInfo() == null
          && page.getHost()
              .toLowerCase(Locale.ROOT)
              .equals(asked.getHost().toLowerCase(Locale.ROOT))
          && port(page, usual) == port(asked, usual);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static int port(URI uri, int usual) {
    return uri.getPort() < 0 ? usual : uri.getPort();
  }
}
