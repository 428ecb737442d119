package org.ongsung.console.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;

/// The one place that says whether a request may go on: finds its route by the canonical path,
/// proves its caller, checks who may, and asks forms for their token. Everything that is not
/// allowed here ends in an [HttpProblem].
final class Doorkeeper {
  /// The attribute of a request that has the language which its caller chose for themselves; none
  /// where they chose none.
  static final String LANGUAGE = Doorkeeper.class.getName() + ".language";

  private final BasePath base;
  private final Clients clients;
  private final RouteTable routes;
  private final Callers callers;
  private final Owners owners;
  private final boolean alwaysSecure;
  private final Exchange.House house;

  Doorkeeper(
      BasePath base,
      Clients clients,
      RouteTable routes,
      Callers callers,
      Owners owners,
      boolean alwaysSecure,
      BooleanSupplier stopping) {
    this.base = base;
    this.clients = clients;
    this.routes = routes;
    this.callers = callers;
    this.owners = owners;
    this.alwaysSecure = alwaysSecure;
    this.house = new Exchange.House(base, stopping, new NestedCalls(this));
  }

  /// The route that the request means, before anything is allowed.
  RouteTable.Match find(Request request) {
    return base.inside(CanonicalPath.of(request.getHttpURI()))
        .flatMap(path -> routes.find(request.getMethod(), path))
        .orElseThrow(HttpProblem::notFound);
  }

  /// Lets the request in, or throws.
  ///
  /// @param place its place at the door
  Exchange admit(Request request, RouteTable.Match match, Place place) {
    Fields query = Fields.parse(request.getHttpURI().getQuery());
    Client client = clients.of(request);
    InetAddress source = client.address();
    Optional<Credential> credential = credential(request, match.route());
    Caller caller = credential.flatMap(shown -> caller(shown, source)).orElse(null);
    if (caller != null && caller.language() != LanguageChoice.AUTO) {
      request.setAttribute(LANGUAGE, caller.language().text());
    }
    authorise(match, caller, () -> isLocalAndDirect(request));
    FormProof proof = new FormProof(formSecret(request, caller));
    boolean secure = alwaysSecure || client.secure();
    Incoming incoming = new FromOutside(request, base, client, secure, Nesting.outermost(), place);
    Exchange exchange =
        new Exchange(incoming, match, query, caller, proof, house)
            .knownWhile(() -> isStillKnown(credential, source));
    if (match.route().surface() == Surface.SOCKET) {
      requireSocketOfOurs(request, client, caller);
    }
    if (match.route().changes() && !(caller != null && caller.bearer())) {
      requireOwnForm(request, exchange);
    }
    return exchange;
  }

  /// Lets in what a request asks of the system itself, as the same caller, or throws.
  ///
  /// @param path within the console, with or without a query
  Exchange admitNested(Exchange parent, String method, String path, byte[] json) {
    Nesting nesting = parent.nesting().deeper();
    HttpURI uri = HttpURI.from(path);
    RouteTable.Match match =
        routes.find(method, CanonicalPath.of(uri)).orElseThrow(HttpProblem::notFound);
    Caller caller = parent.callerIfAny().orElse(null);
    authorise(match, caller, () -> false);
    return new Exchange(
        new FromInside(path, json, parent.incoming(), nesting),
        match,
        Fields.parse(uri.getQuery()),
        caller,
        parent.formProof(),
        house);
  }

  /// Lets in what the system asks of itself on nobody's account, as anybody without a login, or
  /// throws. The API alone answers such.
  Exchange admitOwn(String method, String path, byte[] json) {
    HttpURI uri = HttpURI.from(path);
    RouteTable.Match match =
        routes
            .find(method, CanonicalPath.of(uri))
            .filter(found -> found.route().surface() == Surface.API)
            .orElseThrow(HttpProblem::notFound);
    authorise(match, null, () -> false);
    return new Exchange(
        new FromInside(path, json, null, Nesting.ofThisThread().deeper()),
        match,
        Fields.parse(uri.getQuery()),
        null,
        new FormProof(Optional.empty()),
        house);
  }

  /// What asks the system itself on nobody's account.
  OwnRequests own() {
    return new OwnRequests(this, base);
  }

  private static Optional<String> formSecret(Request request, @Nullable Caller caller) {
    return caller == null || caller.csrfSecret().isEmpty()
        ? FromOutside.cookie(request, Cookies.FORM)
        : Optional.of(caller.csrfSecret());
  }

  /// The token that a request shows.
  ///
  /// @param bearer whether it came in an `Authorization` header rather than a cookie
  private record Credential(String token, boolean bearer) {}

  private static Optional<Credential> credential(Request request, Route route) {
    if (route.surface() == Surface.ASSET) {
      return Optional.empty();
    }
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (authorization == null) {
      return FromOutside.cookie(request, Cookies.SESSION)
          .map(token -> new Credential(token, false));
    }
    if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw new HttpProblem(401, "login-required", "send Authorization: Bearer TOKEN");
    }
    return Optional.of(new Credential(authorization.substring(7).strip(), true));
  }

  private Optional<Caller> caller(Credential shown, InetAddress source) {
    Optional<Caller> found = callers.find(shown.token(), source, shown.bearer());
    if (shown.bearer() && found.isEmpty()) {
      throw new HttpProblem(401, "login-required", "that token opens nothing; log in again");
    }
    return found;
  }

  private void authorise(
      RouteTable.Match match, @Nullable Caller caller, BooleanSupplier isLocalAndDirect) {
    switch (match.route().access()) {
      case PUBLIC -> {}
      case METRICS -> {
        if (!isLocalAndDirect.getAsBoolean()) {
          require(known(caller).isAdmin());
        }
      }
      case USER -> require(!known(caller).isWorker());
      case WORKER -> require(known(caller).isWorker());
      case AUDITOR -> require(known(caller).isAuditor());
      case ADMIN -> require(known(caller).isAdmin());
      case SESSION_OWNER -> requireOwner(match, known(caller));
    }
  }

  private void requireOwner(RouteTable.Match match, Caller caller) {
    Optional<Name> owner =
        Exchange.sessionId(match.variables().getOrDefault("id", "")).flatMap(owners::ownerOf);
    if (owner.isEmpty() || !(caller.isAuditor() || caller.is(owner.get()))) {
      throw HttpProblem.notFound();
    }
  }

  private static Caller known(@Nullable Caller caller) {
    if (caller == null) {
      throw new HttpProblem(401, "login-required", "log in first");
    }
    return caller;
  }

  private static void require(boolean allowed) {
    if (!allowed) {
      throw new HttpProblem(403, "forbidden", "your roles do not allow that");
    }
  }

  private static void requireOwnForm(Request request, Exchange exchange) {
    String site = request.getHeaders().get("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      throw new HttpProblem(403, "foreign-form", "that form came from another site");
    }
    if (exchange.route().surface() == Surface.API && exchange.callerIfAny().isEmpty()) {
      return; // an API login carries its proof in the body, and JSON cannot come from a form
    }
    String sent = request.getHeaders().get(Csrf.HEADER);
    if (sent == null && exchange.route().isStreamed()) {
      if (!Multipart.fits(request.getHeaders().get(HttpHeader.CONTENT_TYPE))) {
        throw staleForm();
      }
      return; // Exchange.parts asks for it, and gives nothing before
    }
    try {
      if (sent == null && exchange.route().surface() != Surface.API) {
        sent = exchange.form().raw(Csrf.FIELD);
      }
    } catch (java.io.IOException e) {
      throw HttpProblem.badRequest("the form broke off");
    }
    if (!Csrf.matches(exchange.csrfToken(), sent)) {
      throw staleForm();
    }
  }

  private boolean isStillKnown(Optional<Credential> credential, InetAddress source) {
    return credential
        .flatMap(shown -> callers.find(shown.token(), source, shown.bearer()))
        .isPresent();
  }

  /// Any page may open a socket to any host, with the cookies for it, and carries no form's token;
  /// but a browser says which page it was (RFC 6455 section 10.2). Programs with a bearer token say
  /// nothing.
  private static void requireSocketOfOurs(Request request, Client client, @Nullable Caller caller) {
    if (!Sockets.isAsked(request)) {
      throw Sockets.noSocket();
    }
    if (caller != null && caller.bearer()) {
      return;
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null || !Origin.isAt(origin, client.host())) {
      throw new HttpProblem(403, "foreign-form", "that socket was opened by another site");
    }
  }

  static HttpProblem staleForm() {
    return new HttpProblem(403, "stale-form", "that form is stale; load the page again");
  }

  /// Came in over loopback under a local name, and nobody passed it on.
  private boolean isLocalAndDirect(Request request) {
    return request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress at
        && at.getAddress().isLoopbackAddress()
        && clients.isDirect(request)
        && clients.of(request).address().isLoopbackAddress()
        && isLocalName(Request.getServerName(request));
  }

  private static boolean isLocalName(String host) {
    return host.equals("localhost")
        || host.startsWith("127.")
        || host.equals("[::1]")
        || host.equals("::1");
  }
}
