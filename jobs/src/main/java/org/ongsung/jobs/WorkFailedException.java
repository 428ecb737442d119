package org.ongsung.jobs;

import org.jspecify.annotations.Nullable;

/// Work that did not succeed, and why, in one line for people without anything secret.
public final class WorkFailedException extends Exception {
  private final boolean again;

  /// @param again whether another attempt may succeed
  public WorkFailedException(String problem, boolean again, @Nullable Throwable cause) {
    super(problem, cause);
    this.again = again;
  }

  public boolean again() {
    return again;
  }
}
