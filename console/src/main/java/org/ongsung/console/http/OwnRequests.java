package org.ongsung.console.http;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests of the system to its own addresses on nobody's account, such as a job's: in process, as
/// [NestedCalls] are, and never out through the front door, where they could wait for what waits
/// for them. One that is made while the thread answers another request is nested in that one.
public final class OwnRequests {
  private static final Logger LOG = LoggerFactory.getLogger(OwnRequests.class);
  private static final int OK = 200;
  private static final int FAILED = 500;

  private final Doorkeeper doorkeeper;
  private final BasePath base;

  OwnRequests(Doorkeeper doorkeeper, BasePath base) {
    this.doorkeeper = doorkeeper;
    this.base = base;
  }

  /// Posts JSON to `url`, where that is one of the system's own.
  ///
  /// @param own the addresses under which the console is reached, paths aside
  /// @return the status; empty where the URL is somebody else's
  public OptionalInt post(List<URI> own, URI url, byte[] json)
      throws IOException, InterruptedException {
    if (own.stream().noneMatch(one -> origin(one).equals(origin(url)))) {
      return OptionalInt.empty();
    }
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    if (!path.equals(base.text()) && !path.startsWith(base.text() + "/")) {
      return OptionalInt.empty(); // of another system behind the same front server
    }
    NestedCalls.assertNothingIsHeld();
    try {
      String inside = path.substring(base.text().length());
      Exchange exchange =
          doorkeeper.admitOwn("POST", (inside.isEmpty() ? "/" : inside) + query, json);
      return OptionalInt.of(
          switch (exchange.handle()) {
            case Reply.Body answer -> answer.status();
            case Reply.Stream _, Reply.Upgrade _ -> OK;
          });
    } catch (HttpProblem e) {
      return OptionalInt.of(e.status());
    } catch (IOException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      LOG.error("a request to {} failed", url, e);
      return OptionalInt.of(FAILED);
    }
  }

  /// Scheme, host and port (RFC 6454 section 4).
  private static String origin(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    int port = url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + String.valueOf(url.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
  }
}
