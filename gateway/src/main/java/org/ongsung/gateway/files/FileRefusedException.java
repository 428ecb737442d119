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
    /// It is there and no regular file: a folder, a link, a device.
    NOT_A_FILE("not-a-file"),
    /// Not with that name: too long, or with what the target does not allow.
    NAME("name"),
    /// No space, or none for this account.
    NO_SPACE("no-space"),
    /// The target does not do that.
    UNSUPPORTED("unsupported"),
    /// An upload could neither take the place of the old file nor put it back: that one lies beside
    /// it, whole, under the name that [Upload] gave it.
    ASIDE("aside"),
    /// Anything else, such as a folder that is not empty.
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
