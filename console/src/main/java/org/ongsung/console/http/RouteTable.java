package org.ongsung.console.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Every address of the console and who may use it. What is not in here does not exist.
///
/// Addresses are told apart segment by segment (RFC 3986 section 3.3), so that finding one costs
/// the same however many there are; a segment that a template names goes before one that it leaves
/// open.
public final class RouteTable {
  private final List<Route> routes;
  private final Segment root = new Segment();

  /// A route that matched, and what stands in the template's variables.
  public record Match(Route route, Map<String, String> variables) {}

  /// What may follow one part of a path.
  private static final class Segment {
    final Map<String, Segment> named = new HashMap<>();
    @Nullable Segment open;

    /// By method, where an address ends here.
    final Map<String, Ending> routes = new TreeMap<>();

    Segment openOne() {
      Segment made = open == null ? new Segment() : open;
      open = made;
      return made;
    }
  }

  /// A route and the parts of its template.
  private record Ending(Route route, List<String> parts) {
    Map<String, String> variables(List<String> path) {
      Map<String, String> variables = Map.of();
      for (int i = 0; i < parts.size(); i++) {
        if (isVariable(parts.get(i))) {
          variables = variables.isEmpty() ? new HashMap<>() : variables;
          variables.put(name(parts.get(i)), path.get(i));
        }
      }
      return Map.copyOf(variables);
    }

    private static String name(String variable) {
      return variable.substring(1, variable.length() - 1);
    }
  }

  private RouteTable(List<Route> routes) {
    this.routes = List.copyOf(routes);
    for (Route route : routes) {
      List<String> parts = parts(route.template());
      Segment at = root;
      for (String part : parts) {
        at = isVariable(part) ? at.openOne() : at.named.computeIfAbsent(part, _ -> new Segment());
      }
      if (at.routes.put(route.method(), new Ending(route, parts)) != null) {
        throw new IllegalStateException("two routes for " + route.method() + route.template());
      }
    }
  }

  /// What stands after each slash.
  private static List<String> parts(String path) {
    List<String> parts = new ArrayList<>();
    int from = 1;
    for (int slash = path.indexOf('/', from); slash >= 0; slash = path.indexOf('/', from)) {
      parts.add(path.substring(from, slash));
      from = slash + 1;
    }
    parts.add(path.substring(from));
    return parts;
  }

  private static boolean isVariable(String part) {
    return part.startsWith("{");
  }

  /// All routes, in the order they were declared.
  public List<Route> routes() {
    return routes;
  }

  /// The route for a canonical, decoded path.
  ///
  /// @throws HttpProblem 405 when the path exists for other methods only
  public Optional<Match> find(String method, String path) {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    List<String> parts = parts(path);
    Segment end = walk(root, parts, 0);
    if (end == null) {
      return Optional.empty();
    }
    Ending ending = end.routes.get(method.equals("HEAD") ? "GET" : method);
    if (ending == null || (method.equals("HEAD") && ending.route().surface() == Surface.API)) {
      throw new HttpProblem(405, "method-not-allowed", "this address does not take that method");
    }
    return Optional.of(new Match(ending.route(), ending.variables(parts)));
  }

  private static @Nullable Segment walk(Segment from, List<String> parts, int at) {
    if (at == parts.size()) {
      return from.routes.isEmpty() ? null : from;
    }
    String part = parts.get(at);
    Segment named = from.named.get(part);
    Segment end = named == null ? null : walk(named, parts, at + 1);
    return end != null || from.open == null || part.isEmpty()
        ? end
        : walk(from.open, parts, at + 1);
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

    /// What a form with files is sent to.
    public Builder upload(String template, Access access, Handler handler) {
      return add("POST", template, Surface.PAGE, access, Route.STREAMED, handler, null);
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
        @Nullable ApiDoc doc) {
      boolean changes = !method.equals("GET");
      routes.add(new Route(method, template, surface, access, changes, maxBodyBytes, handler, doc));
      return this;
    }

    public RouteTable build() {
      return new RouteTable(routes);
    }
  }
}
