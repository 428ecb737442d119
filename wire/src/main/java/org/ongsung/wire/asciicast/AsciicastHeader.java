package org.ongsung.wire.asciicast;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The first line of a recording.
///
/// @param width the terminal's columns at the start, at least 1
/// @param height its rows, at least 1
/// @param timestampSeconds when the recording began, in seconds since 1970-01-01T00:00:00Z
/// @param env what of the environment is worth keeping, such as `TERM`
public record AsciicastHeader(
    int width,
    int height,
    Optional<Long> timestampSeconds,
    Map<String, String> env,
    Optional<String> title) {

  public AsciicastHeader {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("a terminal has at least one column and one row");
    }
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
  }
}
