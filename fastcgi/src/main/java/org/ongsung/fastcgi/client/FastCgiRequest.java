package org.ongsung.fastcgi.client;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.fastcgi.wire.NameValue;

/// A request to a FastCGI application, as a web server sends it: CGI parameters and a body.
///
/// A body of unknown length goes without `CONTENT_LENGTH`; many applications take that for an empty
/// one, so give the length where it is known.
public final class FastCgiRequest {
  private static final long UNKNOWN = -1;

  private final Map<String, String> parameters = new LinkedHashMap<>();
  private @Nullable InputStream body;

  private FastCgiRequest() {}

  /// A request for a path with its query, as it stands in a request line.
  public static FastCgiRequest of(String method, String pathAndQuery) {
    FastCgiRequest request = new FastCgiRequest();
    int question = pathAndQuery.indexOf('?');
    String path = question < 0 ? pathAndQuery : pathAndQuery.substring(0, question);
    return request
        .parameter("GATEWAY_INTERFACE", "CGI/1.1")
        .parameter("SERVER_PROTOCOL", "HTTP/1.1")
        .parameter("REQUEST_METHOD", method)
        .parameter("REQUEST_URI", pathAndQuery)
        .parameter("SCRIPT_NAME", "")
        .parameter("PATH_INFO", decoded(path))
        .parameter("QUERY_STRING", question < 0 ? "" : pathAndQuery.substring(question + 1));
  }

  /// With a parameter; the last of a name counts. One character stands for one byte.
  public FastCgiRequest parameter(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  /// With an HTTP header.
  public FastCgiRequest header(String name, String value) {
    String upper = name.toUpperCase(Locale.ROOT).replace('-', '_');
    boolean plain = upper.equals("CONTENT_TYPE") || upper.equals("CONTENT_LENGTH");
    return parameter(plain ? upper : "HTTP_" + upper, value);
  }

  /// With a body.
  public FastCgiRequest body(byte[] bytes) {
    return body(new ByteArrayInputStream(bytes), bytes.length);
  }

  /// With a body that is read while it is sent.
  ///
  /// @param length its length, or -1 when nobody knows
  public FastCgiRequest body(InputStream stream, long length) {
    body = stream;
    return length == UNKNOWN ? this : parameter("CONTENT_LENGTH", Long.toString(length));
  }

  List<NameValue> pairs() {
    List<NameValue> pairs = new ArrayList<>();
    parameters.forEach((name, value) -> pairs.add(new NameValue(name, value)));
    return pairs;
  }

  @Nullable InputStream body() {
    return body;
  }

  /// Percent-decoded, one character per byte.
  private static String decoded(String path) {
    StringBuilder out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      int high = c == '%' && i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(path.charAt(i + 2), 16);
      if (low >= 0) {
        out.append((char) ((high << 4) | low));
        i += 2;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
