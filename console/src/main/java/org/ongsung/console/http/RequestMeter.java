package org.ongsung.console.http;

import java.time.Duration;

/// Counts requests.
@FunctionalInterface
public interface RequestMeter {
  void served(Route route, int status, Duration took);
}
