package org.ongsung.console.http;

import java.io.InputStream;
import java.net.InetAddress;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// A request that came in by a listener.
record FromOutside(
    Request request, BasePath base, Client client, boolean secure, Nesting nesting, Place place)
    implements Incoming {
  /// The start page for a base that is written in an unusual way, with escapes.
  static String pathAndQuery(Request request, BasePath base) {
    String asked = request.getHttpURI().getPathQuery();
    return asked == null ? "/" : base.inside(asked).orElse("/");
  }

  static Optional<String> cookie(Request request, String name) {
    for (HttpCookie cookie : Request.getCookies(request)) {
      if (cookie.getName().equals(name)) {
        return Optional.of(cookie.getValue());
      }
    }
    return Optional.empty();
  }

  @Override
  public InetAddress source() {
    return client.address();
  }

  @Override
  public String pathAndQuery() {
    return pathAndQuery(request, base);
  }

  @Override
  public void whenGone(Runnable task) {
    request.addFailureListener(_ -> Thread.ofVirtual().name("given-up").start(task));
  }

  @Override
  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  @Override
  public Optional<String> cookie(String name) {
    return cookie(request, name);
  }

  @Override
  public long length() {
    return request.getLength();
  }

  @Override
  public InputStream body() {
    return new RequestBody(request);
  }
}
