package org.ongsung.console.services;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One way that a grant opens: a user to an account on a target.
public record ReachRow(
    String user,
    String userTitle,
    String target,
    String targetTitle,
    String account,
    String grant,
    List<String> may,
    List<String> from,
    @Nullable OffsetDateTime until) {
  public ReachRow {
    may = List.copyOf(may);
    from = List.copyOf(from);
  }
}
