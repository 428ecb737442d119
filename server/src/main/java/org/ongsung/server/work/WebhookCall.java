package org.ongsung.server.work;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.SocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// One POST of JSON to a URL that an operator has configured (RFC 9112), on a connection of its
/// own.
///
/// The address that was looked at is the address that is dialled, so that no name can mean one
/// thing when it is checked and another when it is used. Redirects are not followed. Of the answer
/// the status alone counts.
final class WebhookCall {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int MAX_STATUS_LINE_BYTES = 1_000;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");

  private final SSLSocketFactory tls;
  private final Duration longest;

  /// @param tls trusts whom the platform trusts
  /// @param longest how long the other side may stay silent
  WebhookCall(SSLSocketFactory tls, Duration longest) {
    this.tls = tls;
    this.longest = longest;
  }

  /// Posts `body`.
  ///
  /// @return the answer's status
  /// @throws IOException when there is no whole answer, or the address is none that may be dialled
  int post(URI url, Map<String, String> headers, byte[] body) throws IOException {
    boolean secure = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
    String host = url.getHost();
    InetAddress address = address(host);
    try (Socket plain = SocketFactory.getDefault().createSocket()) {
      plain.connect(new InetSocketAddress(address, port), Math.toIntExact(CONNECT.toMillis()));
      plain.setSoTimeout(Math.toIntExact(longest.toMillis()));
      if (!secure) {
        return exchange(plain, url, headers, body);
      }
      String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      try (SSLSocket socket = (SSLSocket) tls.createSocket(plain, name, port, true)) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return exchange(socket, url, headers, body);
      }
    }
  }

  private static InetAddress address(String host) throws IOException {
    List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
    if (Outbound.isForbidden(addresses)) {
      throw new ForbiddenAddressException(host + " is at an address that nothing connects to");
    }
    return addresses.getFirst();
  }

  private static int exchange(Socket socket, URI url, Map<String, String> headers, byte[] body)
      throws IOException {
    OutputStream out = new BufferedOutputStream(socket.getOutputStream());
    out.write(head(url, headers, body.length).getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
    return status(socket.getInputStream());
  }

  private static String head(URI url, Map<String, String> headers, int length) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    StringBuilder head = new StringBuilder();
    head.append("POST ").append(path).append(query).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(url.getRawAuthority()).append("\r\n");
    head.append("Content-Type: application/json\r\n");
    head.append("Content-Length: ").append(length).append("\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    return head.append("Connection: close\r\n\r\n").toString();
  }

  private static int status(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() >= MAX_STATUS_LINE_BYTES) {
        throw new IOException("it did not answer by HTTP");
      }
      line.append((char) c);
    }
    Matcher status = STATUS.matcher(line.toString().stripTrailing());
    if (!status.matches()) {
      throw new IOException("it did not answer by HTTP");
    }
    return Integer.parseInt(status.group(1));
  }

  /// An address that nothing of ours connects to.
  static final class ForbiddenAddressException extends IOException {
    ForbiddenAddressException(String message) {
      super(message);
    }
  }
}
