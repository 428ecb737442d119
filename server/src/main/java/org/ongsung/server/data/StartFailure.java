package org.ongsung.server.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/// The gateway cannot start, in words for its operator.
public final class StartFailure extends RuntimeException {
  private final String advice;

  public StartFailure(String message, String advice) {
    this(message, advice, null);
  }

  public StartFailure(String message, String advice, @Nullable Throwable cause) {
    super(message, cause);
    this.advice = advice;
  }

  /// What to do; may be empty.
  public String advice() {
    return advice;
  }

  /// Why an operation on files failed, in words.
  public static String cause(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
