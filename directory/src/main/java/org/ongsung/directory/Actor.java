package org.ongsung.directory;

/// Who makes a change, for the ledger.
///
/// @param name a user's name, [org.ongsung.model.AuditEvent#SYSTEM], or [#LOCAL_ADMIN]; no user can
///   have the name of one of the latter two
/// @param source the address they do it from; empty for the system itself
public record Actor(String name, String source) {
  /// The name of the owner of the data folder, who needs no login on the gateway's own machine.
  public static final String LOCAL_ADMIN = "local-admin";

  /// The system itself.
  public static final Actor SYSTEM = new Actor(org.ongsung.model.AuditEvent.SYSTEM, "");
}
