package org.ongsung.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A gateway's HTTP API as the command line uses it. Blocks; redirects are never followed, so that
/// the token goes nowhere else.
public final class ApiClient implements AutoCloseable {
  private static final String PREFIX = "/api/v1/";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /// Applying a large file hashes many passwords.
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);

  private static final int MAX_ERROR_BYTES = 1 << 16;

  private final URI address;
  private final String base;
  private final Optional<String> token;
  private final HttpClient http;
  private final JsonMapper json = JsonMapper.builder().build();

  /// @param address scheme, host, port, and the path under which the console is
  /// @param token the bearer token, or empty before a login
  public ApiClient(URI address, Optional<String> token) {
    this.address = address;
    this.base = address.getRawPath() == null ? "" : address.getRawPath().replaceAll("/+$", "");
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  public URI address() {
    return address;
  }

  /// An empty object to fill.
  public tools.jackson.databind.node.ObjectNode object() {
    return json.createObjectNode();
  }

  /// The answer to a GET.
  public JsonNode get(String path, Map<String, String> query) {
    return exchange("GET", path, query, null);
  }

  /// The answer to a request with a body, or an object without fields where there is none.
  public JsonNode send(String method, String path, @Nullable JsonNode body) {
    return exchange(method, path, Map.of(), body);
  }

  /// The answer's bytes as they come; the caller closes the stream.
  public InputStream stream(String method, String path, Map<String, String> query) {
    HttpRequest.Builder request = request(path, query);
    request.method(method, HttpRequest.BodyPublishers.noBody());
    return answer(request.build()).body();
  }

  /// A path from segments that may hold anything.
  public static String path(String... segments) {
    StringBuilder path = new StringBuilder();
    for (String segment : segments) {
      path.append(path.isEmpty() ? "" : "/").append(encoded(segment));
    }
    return path.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode exchange(
      String method, String path, Map<String, String> query, @Nullable JsonNode body) {
    HttpRequest.Builder request = request(path, query).timeout(ANSWER_TIMEOUT);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
    }
    try (InputStream in = answer(request.build()).body()) {
      byte[] bytes = in.readAllBytes();
      return bytes.length == 0 ? json.createObjectNode() : json.readTree(bytes);
    } catch (IOException e) {
      throw new GatewayUnreachable(address, e);
    } catch (JacksonException e) {
      throw new GatewayRefusal(
          502, "not-json", "what answers at " + address + " is not an Ongsung gateway", "");
    }
  }

  private HttpRequest.Builder request(String path, Map<String, String> query) {
    StringBuilder target = new StringBuilder(base).append(PREFIX).append(path);
    char separator = '?';
    for (Map.Entry<String, String> part : query.entrySet()) {
      target
          .append(separator)
          .append(encoded(part.getKey()))
          .append('=')
          .append(encoded(part.getValue()));
      separator = '&';
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(target.toString()));
    request.header("Accept", "application/json, */*;q=0.5");
    token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    return request;
  }

  private HttpResponse<InputStream> answer(HttpRequest request) {
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() / 100 != 2) {
        throw refusal(response);
      }
      return response;
    } catch (IOException e) {
      throw new GatewayUnreachable(address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatewayUnreachable(address, e);
    }
  }

  private GatewayRefusal refusal(HttpResponse<InputStream> response) throws IOException {
    int status = response.statusCode();
    try (InputStream in = response.body()) {
      JsonNode error = json.readTree(in.readNBytes(MAX_ERROR_BYTES)).path("error");
      return new GatewayRefusal(
          status,
          error.path("code").asString(""),
          error.path("message").asString("the gateway answered with HTTP status " + status),
          error.path("id").asString(""));
    } catch (JacksonException e) {
      return new GatewayRefusal(status, "", "the gateway answered with HTTP status " + status, "");
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
