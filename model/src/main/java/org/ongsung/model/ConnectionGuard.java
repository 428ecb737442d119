package org.ongsung.model;

/// Catches a thread that waits for something else while it holds a database connection, which is
/// how pools run dry and gateways stand still.
///
/// The store marks each unit of work with [#taken] and [#released]; whatever is about to wait
/// (append to the ledger, dial a target, ask a person, take another connection) calls
/// [#assertNoneHeld]. Works only where assertions are on, as they are in tests; else it costs
/// nothing.
public final class ConnectionGuard {
  private static final boolean ON = ConnectionGuard.class.desiredAssertionStatus();
  private static final ThreadLocal<Boolean> HELD = new ThreadLocal<>();

  private ConnectionGuard() {}

  /// This thread now holds a connection.
  public static void taken() {
    if (ON) {
      HELD.set(true);
    }
  }

  /// This thread gave its connection back.
  public static void released() {
    if (ON) {
      HELD.remove();
    }
  }

  /// Fails when this thread holds a connection.
  ///
  /// @param wait what is about to be waited for, such as `the dial of a target`
  public static void assertNoneHeld(String wait) {
    if (ON && HELD.get() != null) {
      throw new AssertionError("a database connection is held while " + wait + " is awaited");
    }
  }
}
