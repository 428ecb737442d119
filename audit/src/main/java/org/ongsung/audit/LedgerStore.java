package org.ongsung.audit;

import java.util.List;
import org.ongsung.model.AuditEvent;

/// Where the ledger's entries lie. Append and read are all there is: nothing changes or removes an
/// entry.
public interface LedgerStore {
  /// Appends all of `events` in order, or none, and returns when they are durable.
  ///
  /// @return the sequence of the first; the others follow without gaps
  /// @throws LedgerUnavailableException when they could not be made durable
  long append(List<AuditEvent> events);

  /// The entries that match, newest first; their times cut to microseconds.
  ///
  /// @throws LedgerUnavailableException when they cannot be read now
  List<LedgerEntry> find(LedgerQuery query);
}
