package org.ongsung.console.house;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A browser without a screen: keeps cookies, follows nothing, knows how to send a form with its
/// token.
public final class Browser implements AutoCloseable {
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

  private final ConsoleHouse house;
  private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
  private final HttpClient client;
  private String token = "";

  public Browser(ConsoleHouse house) {
    this.house = house;
    this.client =
        HttpClient.newBuilder().cookieHandler(cookies).version(HttpClient.Version.HTTP_1_1).build();
  }

  /// A browser in which `user` is logged in.
  public static Browser of(ConsoleHouse house, String user)
      throws IOException, InterruptedException {
    Browser browser = new Browser(house);
    browser.get("/login");
    HttpResponse<String> answer =
        browser.post("/login", Map.of("name", user, "password", Samples.PASSWORD, "next", "/"));
    if (answer.statusCode() != 303) {
      throw new IllegalStateException("not logged in: " + answer.body());
    }
    browser.get("/profile");
    browser.get("/");
    return browser;
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(HttpRequest.newBuilder(house.uri(path)).GET());
    Matcher found = CSRF.matcher(answer.body());
    if (found.find()) {
      token = found.group(1);
    }
    return answer;
  }

  /// Sends a form as the page that was read last would.
  public HttpResponse<String> post(String path, Map<String, String> fields)
      throws IOException, InterruptedException {
    return postBare(path, form(fields) + "&_csrf=" + token);
  }

  /// Sends a form without a token.
  public HttpResponse<String> postBare(String path, String form)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(house.uri(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  /// Sends anything, cookies included.
  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /// Opens a WebSocket as a page at `origin` would, and closes it.
  ///
  /// @param origin empty for none
  /// @return 101, or the status of the refusal
  public int socket(String path, String origin) throws IOException, InterruptedException {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    if (!origin.isEmpty()) {
      builder.header("Origin", origin);
    }
    URI address = URI.create(house.uri(path).toString().replaceFirst("^http", "ws"));
    try {
      builder.buildAsync(address, new WebSocket.Listener() {}).get(100, TimeUnit.SECONDS).abort();
      return 101;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw new IOException(e);
    } catch (TimeoutException e) {
      throw new IOException(e);
    }
  }

  public static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// The header field `Cookie` as it would be sent.
  public String cookieHeader() {
    return cookies.getCookieStore().getCookies().stream()
        .map(cookie -> cookie.getName() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  /// The token for forms that was seen last.
  public String csrf() {
    return token;
  }

  @Override
  public void close() {
    client.close();
  }
}
