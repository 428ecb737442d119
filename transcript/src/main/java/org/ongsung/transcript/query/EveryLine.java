package org.ongsung.transcript.query;

import java.util.List;

/// Matches every line: for searches by filters alone.
public record EveryLine() implements LinePattern {
  @Override
  public Needs needs() {
    return Needs.NOTHING;
  }

  @Override
  public boolean mayMatch(byte[] utf8, int offset, int length) {
    return true;
  }

  @Override
  public boolean matches(String text) {
    return true;
  }

  @Override
  public List<int[]> marks(String text, int most, long untilNanos) {
    return List.of();
  }
}
