package org.ongsung.console.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a handler answers.
public sealed interface Reply {
  int status();

  /// Header fields besides content type, length and the security headers, which are not a handler's
  /// business. Several cookies are joined by a newline.
  Map<String, String> headers();

  /// The same reply with one more header field.
  Reply with(String name, String value);

  /// The same reply, setting a cookie as well.
  default Reply withCookie(String cookie) {
    String before = headers().get("Set-Cookie");
    return with("Set-Cookie", before == null ? cookie : before + "\n" + cookie);
  }

  /// A body that is at hand. Owns its bytes from then on.
  final class Body implements Reply {
    private final int status;
    private final String contentType;
    private final byte[] bytes;
    private final Map<String, String> headers;

    public Body(int status, String contentType, byte[] bytes, Map<String, String> headers) {
      this.status = status;
      this.contentType = contentType;
      this.bytes = bytes;
      this.headers = Map.copyOf(headers);
    }

    @Override
    public int status() {
      return status;
    }

    /// Empty when there is no body.
    public String contentType() {
      return contentType;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public Map<String, String> headers() {
      return headers;
    }

    @Override
    public Reply with(String name, String value) {
      return new Body(status, contentType, bytes, plus(headers, name, value));
    }
  }

  /// A body that is written as it comes, such as an export or server-sent events.
  record Stream(int status, String contentType, Writer writer, Map<String, String> headers)
      implements Reply {
    @Override
    public Reply with(String name, String value) {
      return new Stream(status, contentType, writer, plus(headers, name, value));
    }
  }

  /// A WebSocket instead of an answer, for a request that has been let in like any other.
  record Upgrade(SocketHandler socket) implements Reply {
    @Override
    public int status() {
      return 101;
    }

    @Override
    public Map<String, String> headers() {
      return Map.of();
    }

    /// @throws UnsupportedOperationException always; the handshake alone says what goes out
    @Override
    public Reply with(String name, String value) {
      throw new UnsupportedOperationException("a socket has no header fields of ours");
    }
  }

  /// Writes a streamed body; runs on the request's own virtual thread after the status went out.
  @FunctionalInterface
  interface Writer {
    /// Writes all of it.
    ///
    /// @param out unbuffered: each write goes to the network; not to be closed
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }

  static Reply html(int status, String html) {
    return new Body(
        status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Reply json(int status, byte[] json) {
    return new Body(status, "application/json", json, Map.of());
  }

  static Reply noContent() {
    return new Body(204, "", new byte[0], Map.of());
  }

  /// Sends the browser to `path` of this console with GET.
  static Reply seeOther(String path) {
    return new Body(303, "", new byte[0], Map.of("Location", Redirects.inside(path, "/")));
  }

  static Reply stream(String contentType, Writer writer) {
    return new Stream(200, contentType, writer, Map.of());
  }

  private static Map<String, String> plus(Map<String, String> headers, String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return Map.copyOf(more);
  }
}
