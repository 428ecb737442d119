package org.ongsung.jobs;

/// A job that is not taken up, and why.
public final class JobRefusedException extends RuntimeException {
  /// What stands against it.
  public enum Reason {
    /// As many wait as may.
    FULL,
    /// The same key was used for another job.
    KEY_IN_USE,
    /// A time in it cannot be right.
    TIME,
    /// Nobody here can do that kind, or may ask for it.
    KIND,
    /// There is no such job.
    MISSING
  }

  private final Reason reason;

  public JobRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
