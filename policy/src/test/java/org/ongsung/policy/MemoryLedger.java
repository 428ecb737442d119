package org.ongsung.policy;

import java.util.ArrayList;
import java.util.List;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.audit.LedgerStore;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.model.AuditEvent;

/// A ledger store in memory, that can be told to fail.
final class MemoryLedger implements LedgerStore {
  private final List<AuditEvent> events = new ArrayList<>();
  volatile boolean failing;

  @Override
  public synchronized long append(List<AuditEvent> more) {
    if (failing) {
      throw new LedgerUnavailableException("the disk is gone");
    }
    long first = events.size() + 1L;
    events.addAll(more);
    return first;
  }

  @Override
  public synchronized List<LedgerEntry> find(LedgerQuery query) {
    throw new UnsupportedOperationException();
  }

  synchronized List<AuditEvent> events() {
    return List.copyOf(events);
  }

  /// `code reason`, or `code` alone.
  synchronized List<String> outcomes() {
    return events.stream()
        .map(e -> (e.code().text() + " " + e.details().getOrDefault("reason", "")).strip())
        .toList();
  }
}
