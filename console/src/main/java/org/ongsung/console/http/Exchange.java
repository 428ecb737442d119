package org.ongsung.console.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;

/// One allowed request, as a handler sees it: the route's variables decoded once, the caller
/// proven, the body bounded. For the request's own thread.
public final class Exchange {
  private final Request request;
  private final BasePath base;
  private final RouteTable.Match match;
  private final Fields query;
  private final @Nullable Caller caller;
  private final InetAddress source;
  private final String csrfToken;
  private final boolean secure;
  private final BooleanSupplier stopping;
  private @Nullable Fields form;

  Exchange(
      Request request,
      BasePath base,
      RouteTable.Match match,
      Fields query,
      @Nullable Caller caller,
      InetAddress source,
      String csrfToken,
      boolean secure,
      BooleanSupplier stopping) {
    this.request = request;
    this.base = base;
    this.match = match;
    this.query = query;
    this.caller = caller;
    this.source = source;
    this.csrfToken = csrfToken;
    this.secure = secure;
    this.stopping = stopping;
  }

  public Route route() {
    return match.route();
  }

  /// The path within the console as the browser wrote it, without query.
  public String path() {
    String path = pathAndQuery();
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  /// Path and query within the console as the browser sent them: fit for `next=`.
  public String pathAndQuery() {
    return pathAndQuery(request, base);
  }

  /// The start page for a base that is written in an unusual way, with escapes.
  static String pathAndQuery(Request request, BasePath base) {
    String asked = request.getHttpURI().getPathQuery();
    return asked == null ? "/" : base.inside(asked).orElse("/");
  }

  /// What stands at `{variable}` of the route's template, decoded.
  public String variable(String variable) {
    String value = match.variables().get(variable);
    if (value == null) {
      throw new IllegalArgumentException("no such variable: " + variable);
    }
    return value;
  }

  /// The variable as a name; what cannot be one is not found.
  public Name nameVariable(String variable) {
    String text = variable(variable);
    if (!Name.isValid(text)) {
      throw HttpProblem.notFound();
    }
    return Name.of(text);
  }

  /// The variable as a session's id; what cannot be one is not found.
  public SessionId sessionVariable(String variable) {
    return sessionId(variable(variable)).orElseThrow(HttpProblem::notFound);
  }

  static Optional<SessionId> sessionId(String text) {
    try {
      return Optional.of(new SessionId(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The variable as a number from 0.
  public int numberVariable(String variable) {
    try {
      int number = Integer.parseInt(variable(variable));
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // answered below, as any other number that there is not
    }
    throw HttpProblem.notFound();
  }

  public Fields query() {
    return query;
  }

  /// Who asks. Only on routes that are not public.
  ///
  /// @throws HttpProblem 401 when nobody has proven who they are
  public Caller caller() {
    if (caller == null) {
      throw new HttpProblem(401, "login-required", "log in first");
    }
    return caller;
  }

  /// Who asks, where a route is open to anyone.
  public Optional<Caller> callerIfAny() {
    return Optional.ofNullable(caller);
  }

  /// The client's address, as the connection has it.
  public InetAddress source() {
    return source;
  }

  /// What forms of the answer must carry in `_csrf`.
  public String csrfToken() {
    return csrfToken;
  }

  /// Where the browser is to send cookies back: to this console, and over TLS alone when it came
  /// so.
  public Cookies.Scope cookieScope() {
    return new Cookies.Scope(base.cookiePath(), secure);
  }

  /// Whether the server has been told to stop; streams end then.
  public boolean stopping() {
    return stopping.getAsBoolean();
  }

  /// A request header, or null.
  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  /// A cookie of the request.
  public Optional<String> cookie(String name) {
    return cookie(request, name);
  }

  static Optional<String> cookie(Request request, String name) {
    for (HttpCookie cookie : Request.getCookies(request)) {
      if (cookie.getName().equals(name)) {
        return Optional.of(cookie.getValue());
      }
    }
    return Optional.empty();
  }

  /// The body as a form; read once.
  public Fields form() throws IOException {
    if (form == null) {
      String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
      if (type == null || !type.startsWith("application/x-www-form-urlencoded")) {
        throw new HttpProblem(415, "unsupported-media-type", "send a form");
      }
      form = Fields.parse(new String(body(), StandardCharsets.ISO_8859_1));
    }
    return form;
  }

  /// The body as a JSON object; an empty body is an empty object.
  public Map<String, Object> json() throws IOException {
    byte[] body = body();
    if (body.length == 0) {
      return Map.of();
    }
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null || !type.startsWith("application/json")) {
      throw new HttpProblem(415, "unsupported-media-type", "send application/json");
    }
    return Json.readObject(body);
  }

  private byte[] body() throws IOException {
    int limit = match.route().maxBodyBytes();
    if (request.getLength() > limit) {
      throw tooLarge(limit);
    }
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw tooLarge(limit);
      }
      return bytes;
    }
  }

  private static HttpProblem tooLarge(int limit) {
    return new HttpProblem(413, "too-large", "the request has more than " + limit + " bytes");
  }
}
