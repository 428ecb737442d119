package org.ongsung.console.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request of the system to itself, on account of another or of nobody.
final class FromInside implements Incoming {
  private final String pathAndQuery;
  private final byte[] json;
  private final @Nullable Incoming parent;
  private final Nesting nesting;

  /// @param json the body; empty for none
  /// @param parent null for nobody's
  FromInside(String pathAndQuery, byte[] json, @Nullable Incoming parent, Nesting nesting) {
    this.pathAndQuery = pathAndQuery;
    this.json = json;
    this.parent = parent;
    this.nesting = nesting;
  }

  @Override
  public String pathAndQuery() {
    return pathAndQuery;
  }

  @Override
  public Nesting nesting() {
    return nesting;
  }

  @Override
  public void whenGone(Runnable task) {
    if (parent != null) {
      parent.whenGone(task);
    }
  }

  @Override
  public @Nullable String header(String name) {
    return name.equalsIgnoreCase("Content-Type") && json.length > 0 ? "application/json" : null;
  }

  /// None: whoever is behind it has been proven already.
  @Override
  public Optional<String> cookie(String name) {
    return Optional.empty();
  }

  @Override
  public long length() {
    return json.length;
  }

  @Override
  public InputStream body() {
    return new ByteArrayInputStream(json);
  }

  @Override
  public InetAddress source() {
    return parent == null ? InetAddress.getLoopbackAddress() : parent.source();
  }

  @Override
  public boolean secure() {
    return parent != null && parent.secure();
  }

  @Override
  public Place place() {
    return parent == null ? Place.NONE : parent.place();
  }
}
