package org.ongsung.jobs;

import org.jspecify.annotations.Nullable;

/// The queue cannot be reached at this moment; nothing is known of what was asked.
public final class JobsUnavailableException extends RuntimeException {
  public JobsUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
