package org.ongsung.gateway.files;

import java.io.IOException;

/// The target did not do what was asked with a file; the session goes on.
public final class FileRefusedException extends IOException {
  private final Reason reason;

  /// Why, as far as targets say.
  public enum Reason {
    MISSING("missing"),
    DENIED("denied"),
    /// Something of that name is there.
    EXISTS("exists"),
    /// Anything else, such as a full disk or a folder that is not empty.
    FAILED("failed");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /// The stable word.
    public String text() {
      return text;
    }
  }

  public FileRefusedException(Reason reason) {
    super("the target refused: " + reason.text());
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
