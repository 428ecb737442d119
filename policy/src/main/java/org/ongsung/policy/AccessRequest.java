package org.ongsung.policy;

import org.jspecify.annotations.Nullable;

/// What somebody asks to reach, as they wrote it.
///
/// @param target not yet a name, may be anything
/// @param account null when none was named
public record AccessRequest(String target, @Nullable String account) {
  /// Of somebody who named no target, or none that can be read.
  public static final AccessRequest NOTHING = new AccessRequest("", null);
}
