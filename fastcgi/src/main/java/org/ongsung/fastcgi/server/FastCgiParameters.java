package org.ongsung.fastcgi.server;

import java.util.Map;
import org.eclipse.jetty.server.Request;

/// The parameters that a front server sent with a request, for handlers that want more than what
/// became of them.
public final class FastCgiParameters {
  static final String ATTRIBUTE = FastCgiParameters.class.getName();

  private FastCgiParameters() {}

  /// All parameters by name, one character per byte; empty for a request that did not come by
  /// FastCGI.
  @SuppressWarnings("unchecked") // only RequestIntake sets it
  public static Map<String, String> of(Request request) {
    Object parameters = request.getAttribute(ATTRIBUTE);
    return parameters == null ? Map.of() : (Map<String, String>) parameters;
  }
}
