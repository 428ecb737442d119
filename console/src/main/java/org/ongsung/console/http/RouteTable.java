package org.ongsung.console.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.eclipse.jetty.http.pathmap.UriTemplatePathSpec;

/// Every address of the console and who may use it. What is not in here does not exist.
public final class RouteTable {
  private final List<Route> routes;
  private final PathMappings<Map<String, Route>> byPath = new PathMappings<>();

  /// A route that matched, and what stands in the template's variables.
  public record Match(Route route, Map<String, String> variables) {}

  private RouteTable(List<Route> routes) {
    this.routes = List.copyOf(routes);
    Map<String, Map<String, Route>> byTemplate = new TreeMap<>();
    for (Route route : routes) {
      Map<String, Route> methods =
          byTemplate.computeIfAbsent(route.template(), key -> new TreeMap<>());
      if (methods.put(route.method(), route) != null) {
        throw new IllegalStateException("two routes for " + route.method() + route.template());
      }
    }
    byTemplate.forEach(
        (template, methods) -> byPath.put(new UriTemplatePathSpec(template), methods));
  }

  /// All routes, in the order they were declared.
  public List<Route> routes() {
    return routes;
  }

  /// The route for a canonical, decoded path.
  ///
  /// @throws HttpProblem 405 when the path exists for other methods only
  public Optional<Match> find(String method, String path) {
    var matched = byPath.getMatched(path);
    if (matched == null) {
      return Optional.empty();
    }
    Route route = matched.getResource().get(method.equals("HEAD") ? "GET" : method);
    if (route == null || (method.equals("HEAD") && route.surface() == Surface.API)) {
      throw new HttpProblem(405, "method-not-allowed", "this address does not take that method");
    }
    UriTemplatePathSpec spec = (UriTemplatePathSpec) matched.getPathSpec();
    Map<String, String> variables = spec.getPathParams(path);
    return Optional.of(new Match(route, variables == null ? Map.of() : Map.copyOf(variables)));
  }

  /// Gathers the routes. Not for several threads.
  public static final class Builder {
    private static final int FORM_BYTES = 1 << 20;

    private final List<Route> routes = new ArrayList<>();

    /// A page that reads.
    public Builder page(String template, Access access, Handler handler) {
      return add("GET", template, Surface.PAGE, access, 0, handler, null);
    }

    /// A page with a player on it.
    public Builder playerPage(String template, Access access, Handler handler) {
      return add("GET", template, Surface.PLAYER_PAGE, access, 0, handler, null);
    }

    /// What a form of a page is sent to.
    public Builder form(String template, Access access, Handler handler) {
      return add("POST", template, Surface.PAGE, access, FORM_BYTES, handler, null);
    }

    /// A route of the API.
    public Builder api(String method, String template, Access access, ApiDoc doc, Handler handler) {
      int body = doc.request().isEmpty() ? 0 : FORM_BYTES;
      return add(method, "/api/v1" + template, Surface.API, access, body, handler, doc);
    }

    /// Any other route.
    public Builder add(
        String method,
        String template,
        Surface surface,
        Access access,
        int maxBodyBytes,
        Handler handler,
        @org.jspecify.annotations.Nullable ApiDoc doc) {
      boolean changes = !method.equals("GET");
      routes.add(new Route(method, template, surface, access, changes, maxBodyBytes, handler, doc));
      return this;
    }

    public RouteTable build() {
      return new RouteTable(routes);
    }
  }
}
