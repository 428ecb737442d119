package org.ongsung.console.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.BasePath;
import org.ongsung.console.http.Route;

/// Makes the OpenAPI 3.1 document from the route table, so that the two cannot differ.
final class OpenApi {
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");

  private OpenApi() {}

  static Map<String, Object> of(List<Route> routes, BasePath base, String version) {
    Map<String, Map<String, Object>> paths = new TreeMap<>();
    for (Route route : routes) {
      ApiDoc doc = route.doc();
      if (doc != null) {
        paths
            .computeIfAbsent(route.template(), _ -> new LinkedHashMap<>())
            .put(route.method().toLowerCase(Locale.ROOT), operation(route, doc));
      }
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put(
        "info",
        Map.of(
            "title",
            "Ongsung",
            "version",
            version,
            "license",
            Map.of("name", "Apache-2.0", "identifier", "Apache-2.0")));
    document.put("servers", List.of(Map.of("url", base.text().isEmpty() ? "/" : base.text())));
    document.put("security", List.of(Map.of("bearer", List.of()), Map.of("cookie", List.of())));
    document.put("paths", paths);
    document.put("components", Map.of("schemas", ApiSchemas.all(), "securitySchemes", schemes()));
    return document;
  }

  private static Map<String, Object> schemes() {
    return Map.of(
        "bearer",
        Map.of("type", "http", "scheme", "bearer"),
        "cookie",
        Map.of(
            "type",
            "apiKey",
            "in",
            "cookie",
            "name",
            "ongsung-session",
            "description",
            "Requests that change need the page's token in X-CSRF-Token besides."));
  }

  private static Map<String, Object> operation(Route route, ApiDoc doc) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("summary", doc.summary());
    operation.put("operationId", operationId(route));
    operation.put("x-access", route.access().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (route.access() == Access.PUBLIC) {
      operation.put("security", List.of());
    }
    List<Object> parameters = parameters(route, doc);
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    if (!doc.request().isEmpty()) {
      operation.put(
          "requestBody",
          Map.of("required", true, "content", content("application/json", doc.request())));
    }
    operation.put("responses", responses(doc));
    return operation;
  }

  private static String operationId(Route route) {
    String path = route.template().replace("/api/v1/", "");
    StringBuilder id = new StringBuilder(route.method().toLowerCase(Locale.ROOT));
    for (String part : path.split("[/{}.-]+", -1)) {
      if (!part.isEmpty()) {
        id.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
      }
    }
    return id.toString();
  }

  private static List<Object> parameters(Route route, ApiDoc doc) {
    List<Object> parameters = new ArrayList<>();
    Matcher variables = VARIABLE.matcher(route.template());
    while (variables.find()) {
      parameters.add(
          Map.of(
              "name",
              variables.group(1),
              "in",
              "path",
              "required",
              true,
              "schema",
              Map.of("type", "string")));
    }
    for (ApiDoc.Parameter parameter : doc.query()) {
      parameters.add(
          Map.of(
              "name",
              parameter.name(),
              "in",
              "query",
              "description",
              parameter.description(),
              "schema",
              Map.of("type", parameter.type())));
    }
    return parameters;
  }

  private static Map<String, Object> responses(ApiDoc doc) {
    Map<String, Object> good = new LinkedHashMap<>();
    good.put("description", "Done.");
    if (!doc.response().isEmpty()) {
      good.put("content", content(doc.responseType(), doc.response()));
    } else if (!doc.responseType().equals("application/json")) {
      good.put("content", Map.of(doc.responseType(), Map.of()));
    }
    Map<String, Object> responses = new LinkedHashMap<>();
    boolean empty = doc.response().isEmpty() && doc.responseType().equals("application/json");
    responses.put(empty ? "204" : doc.response().equals("MadeToken") ? "201" : "200", good);
    responses.put(
        "default",
        Map.of("description", "What went wrong.", "content", content("application/json", "Error")));
    return responses;
  }

  private static Map<String, Object> content(String type, String schema) {
    return Map.of(type, Map.of("schema", Map.of("$ref", "#/components/schemas/" + schema)));
  }
}
