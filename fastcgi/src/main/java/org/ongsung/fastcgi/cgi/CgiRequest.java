package org.ongsung.fastcgi.cgi;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/// What the parameters of a request say.
public sealed interface CgiRequest {
  /// A request to be handled.
  ///
  /// @param request method, URI, headers and length, as Jetty has them
  /// @param secure whether the browser came by TLS
  /// @param client the browser's address; null, shown as `unknown`, when the parameters name no IP
  ///   address
  /// @param parameters all of them by name
  record Accepted(
      MetaData.Request request,
      boolean secure,
      @Nullable InetSocketAddress client,
      Map<String, String> parameters)
      implements CgiRequest {
    public Accepted {
      parameters = Map.copyOf(parameters);
    }
  }

  /// A request to be answered with an error.
  ///
  /// @param status 400 or above
  /// @param reason for the person who looks for the cause
  record Refused(int status, String reason) implements CgiRequest {}

  /// An address as it stands in `REMOTE_ADDR`; null for what is not an IP address. Never asks a
  /// name server.
  static @Nullable InetSocketAddress address(@Nullable String literal, @Nullable String port) {
    if (literal == null) {
      return null;
    }
    try {
      int number = port == null ? 0 : Integer.parseInt(port);
      return new InetSocketAddress(InetAddress.ofLiteral(literal), number);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
