package org.ongsung.fastcgi.cgi;

import static org.ongsung.fastcgi.cgi.Parameters.present;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.URIUtil;
import org.jspecify.annotations.Nullable;
import org.ongsung.fastcgi.FastCgiLimits;

/// Makes a Jetty request of CGI parameters.
///
/// - The path is that of `REQUEST_URI`, as the browser sent it: servers disagree about
///   `SCRIPT_NAME`, `PATH_INFO` and `DOCUMENT_URI`, which are used, in this order, only when it is
///   missing.
/// - `HTTP_*` become headers, but for those of the browser's own connection, `HTTP_PROXY`
///   (CVE-2016-5385) and the doubles of `CONTENT_TYPE` and `CONTENT_LENGTH`.
/// - Scheme, address and host are the front server's word; who may be a front server is decided
///   where the connection is accepted.
public final class CgiRequestReader {
  private static final String HEADER_PREFIX = "HTTP_";
  private static final String UNRESERVED =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!$&'()*+,;=:@";
  private static final String TOKEN =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";

  /// Not passed on as headers.
  private static final Set<String> DROPPED =
      Set.of(
          "HTTP_CONNECTION",
          "HTTP_CONTENT_LENGTH",
          "HTTP_CONTENT_TYPE",
          "HTTP_EXPECT",
          "HTTP_HTTP2_SETTINGS",
          "HTTP_KEEP_ALIVE",
          "HTTP_PROXY",
          "HTTP_PROXY_CONNECTION",
          "HTTP_TE",
          "HTTP_TRAILER",
          "HTTP_TRANSFER_ENCODING",
          "HTTP_UPGRADE");

  private static final Map<String, HttpHeader> KNOWN = known();

  private final FastCgiLimits limits;

  public CgiRequestReader(FastCgiLimits limits) {
    this.limits = limits;
  }

  /// Reads the parameters of a request that begins now.
  ///
  /// @param beginNanoTime of [System#nanoTime]
  public CgiRequest read(Map<String, String> parameters, long beginNanoTime) {
    try {
      return accepted(parameters, beginNanoTime);
    } catch (Refusal refusal) {
      return new CgiRequest.Refused(refusal.status, refusal.reason);
    }
  }

  private CgiRequest accepted(Map<String, String> parameters, long beginNanoTime) {
    String method = method(present(parameters, "REQUEST_METHOD"));
    HttpFields.Mutable headers = headers(parameters);
    long length = length(present(parameters, "CONTENT_LENGTH"));
    if (length >= 0) {
      headers.put(HttpHeader.CONTENT_LENGTH, length);
    }
    String type = present(parameters, "CONTENT_TYPE");
    if (type != null) {
      headers.put(HttpHeader.CONTENT_TYPE, printable("CONTENT_TYPE", type));
    }
    boolean secure = secure(parameters);
    HttpURI uri = uri(parameters, method, headers, secure);
    return new CgiRequest.Accepted(
        new MetaData.Request(beginNanoTime, method, uri, HttpVersion.HTTP_1_1, headers, length),
        secure,
        CgiRequest.address(present(parameters, "REMOTE_ADDR"), present(parameters, "REMOTE_PORT")),
        parameters);
  }

  private static String method(@Nullable String method) {
    if (method == null || !isToken(method)) {
      throw new Refusal(400, "REQUEST_METHOD is missing or not a method");
    }
    return method;
  }

  private static HttpFields.Mutable headers(Map<String, String> parameters) {
    HttpFields.Mutable headers = HttpFields.build();
    parameters.forEach(
        (name, value) -> {
          if (name.startsWith(HEADER_PREFIX) && !DROPPED.contains(name)) {
            HttpHeader header = KNOWN.get(name);
            if (header != null) {
              headers.add(header, printable(name, value));
            } else {
              headers.add(headerName(name), printable(name, value));
            }
          }
        });
    return headers;
  }

  private static String headerName(String parameter) {
    String name = parameter.substring(HEADER_PREFIX.length()).replace('_', '-');
    if (!isToken(name)) {
      throw new Refusal(400, "a parameter that starts with HTTP_ cannot be a header");
    }
    return name.toLowerCase(Locale.ROOT);
  }

  private static String printable(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new Refusal(400, name + " holds a control character");
      }
    }
    return value;
  }

  private long length(@Nullable String text) {
    if (text == null) {
      return -1;
    }
    long length;
    try {
      length = text.charAt(0) == '+' ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      length = -1;
    }
    if (length < 0) {
      throw new Refusal(400, "CONTENT_LENGTH is not a number");
    }
    if (length > limits.bodyBytes()) {
      throw new Refusal(413, "a body of " + length + " bytes is more than " + limits.bodyBytes());
    }
    return length;
  }

  private static boolean secure(Map<String, String> parameters) {
    String https = present(parameters, "HTTPS");
    if (https != null) {
      return https.equalsIgnoreCase("on") || https.equals("1");
    }
    return "https".equalsIgnoreCase(parameters.get("REQUEST_SCHEME"));
  }

  private static HttpURI uri(
      Map<String, String> parameters, String method, HttpFields.Mutable headers, boolean secure) {
    String scheme = secure ? "https" : "http";
    try {
      HostPort host = host(parameters, headers);
      HttpURI.Mutable uri =
          HttpURI.build()
              .scheme(scheme)
              .authority(
                  HostPort.normalizeHost(host.getHost()),
                  URIUtil.normalizePortForScheme(scheme, host.getPort()));
      String pathAndQuery = pathAndQuery(parameters, method);
      return (pathAndQuery.equals("*") ? uri.path("*") : uri.pathQuery(pathAndQuery)).asImmutable();
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "REQUEST_URI or the host is not one");
    }
  }

  /// The host that the browser asked for, or the server's own name where it said none.
  private static HostPort host(Map<String, String> parameters, HttpFields.Mutable headers) {
    String asked = headers.get(HttpHeader.HOST);
    if (asked != null && !asked.isEmpty()) {
      return new HostPort(asked);
    }
    HostPort own = ownHost(parameters);
    headers.put(HttpHeader.HOST, own.toString());
    return own;
  }

  /// The server's name may be a pattern or empty; then it says nothing.
  private static HostPort ownHost(Map<String, String> parameters) {
    String given = present(parameters, "SERVER_NAME");
    String name = given == null ? "localhost" : given;
    String port = present(parameters, "SERVER_PORT");
    try {
      return new HostPort(port == null ? name : HostPort.normalizeHost(name) + ":" + port);
    } catch (IllegalArgumentException e) {
      return new HostPort("localhost");
    }
  }

  private static String pathAndQuery(Map<String, String> parameters, String method) {
    String asked = present(parameters, "REQUEST_URI");
    if (asked != null) {
      if (asked.startsWith("/")) {
        return escaped(asked, false);
      }
      if (asked.equals("*") && method.equals("OPTIONS")) {
        return asked;
      }
      throw new Refusal(400, "REQUEST_URI does not start with a slash");
    }
    String path =
        parameters.getOrDefault("SCRIPT_NAME", "") + parameters.getOrDefault("PATH_INFO", "");
    if (path.isEmpty()) {
      path = parameters.getOrDefault("DOCUMENT_URI", "");
    }
    if (!path.startsWith("/")) {
      throw new Refusal(400, "REQUEST_URI is missing");
    }
    String query = present(parameters, "QUERY_STRING");
    return escaped(path, true) + (query == null ? "" : "?" + escaped(query, false));
  }

  /// Bytes that cannot stand in a URI, percent-encoded; with `decoded`, those that mean something
  /// there too.
  private static String escaped(String text, boolean decoded) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = decoded ? UNRESERVED.indexOf(c) >= 0 : c > ' ' && c < 0x7f;
      if (!plain) {
        if (c < ' ' || c == 0x7f) {
          throw new Refusal(400, "the path holds a control character");
        }
        if (out == null) {
          out = new StringBuilder(text.length() + 32).append(text, 0, i);
        }
        out.append('%').append("%02X".formatted((int) c));
      } else if (out != null) {
        out.append(c);
      }
    }
    return out == null ? text : out.toString();
  }

  private static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (TOKEN.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static Map<String, HttpHeader> known() {
    Map<String, HttpHeader> known = new HashMap<>();
    for (HttpHeader header : HttpHeader.values()) {
      known.put(
          HEADER_PREFIX + header.asString().toUpperCase(Locale.ROOT).replace('-', '_'), header);
    }
    return Map.copyOf(known);
  }

  private static final class Refusal extends RuntimeException {
    private final int status;
    private final String reason;

    Refusal(int status, String reason) {
      super(reason, null, false, false);
      this.status = status;
      this.reason = reason;
    }
  }
}
