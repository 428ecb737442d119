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
    final Map<String, Route> routes = new TreeMap<>();

    Segment openOne() {
      Segment made = open == null ? new Segment() : open;
      open = made;
      return made;
    }
  }

  private RouteTable(List<Route> routes) {
    this.routes = List.copyOf(routes);
    for (Route route : routes) {
      Segment at = root;
      for (String part : parts(route.template())) {
        at = isVariable(part) ? at.openOne() : at.named.computeIfAbsent(part, _ -> new Segment());
      }
      if (at.routes.put(route.method(), route) != null) {
        throw new IllegalStateException("two routes for " + route.method() + route.template());
      }
    }
  }

  private static String[] parts(String path) {
    return path.substring(1).split("/", -1);
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
    String[] parts = path.startsWith("/") ? parts(path) : new String[0];
    Segment end = parts.length == 0 ? null : walk(root, parts, 0);
    if (end == null) {
      return Optional.empty();
    }
    Route route = end.routes.get(method.equals("HEAD") ? "GET" : method);
    if (route == null || (method.equals("HEAD") && route.surface() == Surface.API)) {
      throw new HttpProblem(405, "method-not-allowed", "this address does not take that method");
    }
    return Optional.of(new Match(route, variables(route.template(), parts)));
  }

  private static @Nullable Segment walk(Segment from, String[] parts, int at) {
    if (at == parts.length) {
      return from.routes.isEmpty() ? null : from;
    }
    Segment named = from.named.get(parts[at]);
    Segment end = named == null ? null : walk(named, parts, at + 1);
    return end != null || from.open == null || parts[at].isEmpty()
        ? end
        : walk(from.open, parts, at + 1);
  }

  private static Map<String, String> variables(String template, String[] parts) {
    if (template.indexOf('{') < 0) {
      return Map.of();
    }
    Map<String, String> variables = new HashMap<>();
    String[] names = parts(template);
    for (int i = 0; i < names.length; i++) {
      if (isVariable(names[i])) {
        variables.put(names[i].substring(1, names[i].length() - 1), parts[i]);
      }
    }
    return Map.copyOf(variables);
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
