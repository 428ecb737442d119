package org.ongsung.console.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a request brings along, whichever way it came in.
sealed interface Incoming permits FromOutside, FromInside {
  /// Path and query within the console.
  String pathAndQuery();

  /// A header field, or null.
  @Nullable String header(String name);

  Optional<String> cookie(String name);

  /// The length of the body in bytes where it was told, else -1.
  long length();

  /// The body; read once.
  InputStream body() throws IOException;

  /// The address of whoever is behind it.
  InetAddress source();

  /// Whether it came by TLS.
  boolean secure();

  Nesting nesting();

  /// Starts `task` on a thread of its own when whoever is behind it has gone, where that is told.
  void whenGone(Runnable task);

  /// The place that it, or the request it goes back to, takes at the door.
  Place place();
}
