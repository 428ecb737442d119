package org.ongsung.gateway;

/// Whether a target is the one it should be.
public enum HostKeyVerdict {
  /// Pinned or learned before.
  TRUSTED,
  /// Seen for the first time under trust-on-first-use, and kept.
  LEARNED,
  /// Another key than the ones known: the connection must end. It is in the ledger.
  CHANGED,
  /// No key is known and none may be learned: the connection must end. It is in the ledger.
  UNKNOWN
}
