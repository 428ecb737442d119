package org.ongsung.directory;

/// Who makes a change, for the ledger.
///
/// @param name a user's name, or [org.ongsung.model.AuditEvent#SYSTEM]
/// @param source the address they do it from; empty for the system itself
public record Actor(String name, String source) {
  /// The system itself.
  public static final Actor SYSTEM = new Actor(org.ongsung.model.AuditEvent.SYSTEM, "");
}
