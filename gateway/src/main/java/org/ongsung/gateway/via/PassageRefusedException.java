package org.ongsung.gateway.via;

/// There is no passage to a target.
public final class PassageRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  /// Why not.
  public enum Reason {
    /// No worker of that name asks for work of this sort, or none took it in time.
    NO_WORKER,
    /// There are as many passages as there may be.
    FULL,
    /// The worker may not go there.
    NOT_ALLOWED,
    /// Nobody may go there.
    FORBIDDEN,
    NO_SUCH_HOST,
    REFUSED,
    NO_ROUTE,
    TIMEOUT,
    FAILED;

    /// The stable word.
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /// The reason of that word.
    ///
    /// @throws IllegalArgumentException when there is none
    public static Reason of(String text) {
      for (Reason reason : values()) {
        if (reason.text().equals(text)) {
          return reason;
        }
      }
      throw new IllegalArgumentException("no such reason");
    }
  }

  private final Reason reason;

  public PassageRefusedException(Reason reason) {
    super(reason.text());
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
