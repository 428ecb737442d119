package org.ongsung.console.http;

import java.util.List;

/// What the OpenAPI document says of a route.
///
/// @param summary one sentence
/// @param query the query parameters
/// @param request name of the request body's schema, or empty
/// @param response name of the answer's schema, or empty for no JSON body
/// @param responseType media type of the answer
public record ApiDoc(
    String summary, List<Parameter> query, String request, String response, String responseType) {
  public ApiDoc {
    query = List.copyOf(query);
  }

  /// A query parameter.
  ///
  /// @param type `string`, `integer` or `boolean`
  public record Parameter(String name, String type, String description) {}

  /// A route with JSON on both sides.
  public static ApiDoc of(String summary, String request, String response) {
    return new ApiDoc(summary, List.of(), request, response, "application/json");
  }

  /// The same, with query parameters, each `name: description`; `name#: …` for an integer.
  public ApiDoc with(String... parameters) {
    List<Parameter> all =
        java.util.Arrays.stream(parameters)
            .map(
                text -> {
                  String name = text.substring(0, text.indexOf(':'));
                  String description = text.substring(text.indexOf(':') + 1).strip();
                  return name.endsWith("#")
                      ? new Parameter(name.substring(0, name.length() - 1), "integer", description)
                      : new Parameter(name, "string", description);
                })
            .toList();
    return new ApiDoc(summary, all, request, response, responseType);
  }

  /// The same, answering with another media type.
  public ApiDoc as(String mediaType) {
    return new ApiDoc(summary, query, request, response, mediaType);
  }
}
