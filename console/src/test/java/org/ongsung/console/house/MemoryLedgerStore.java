package org.ongsung.console.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.audit.LedgerStore;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.model.AuditEvent;

/// A ledger in memory, that can be told to fail.
public final class MemoryLedgerStore implements LedgerStore {
  private final List<LedgerEntry> entries = new ArrayList<>();
  private volatile boolean failing;

  public void fail(boolean now) {
    failing = now;
  }

  /// How many entries it has.
  public synchronized int size() {
    return entries.size();
  }

  @Override
  public synchronized long append(List<AuditEvent> events) {
    if (failing) {
      throw new LedgerUnavailableException("told to fail");
    }
    long first = entries.size() + 1L;
    for (AuditEvent event : events) {
      entries.add(new LedgerEntry(entries.size() + 1L, event));
    }
    return first;
  }

  @Override
  public synchronized List<LedgerEntry> find(LedgerQuery query) {
    return entries.reversed().stream()
        .filter(entry -> matches(query, entry))
        .limit(query.limit())
        .toList();
  }

  private static boolean matches(LedgerQuery query, LedgerEntry entry) {
    AuditEvent event = entry.event();
    return (query.codes().isEmpty() || query.codes().contains(event.code()))
        && (query.actor() == null || query.actor().equals(event.actor()))
        && (query.session() == null || query.session().equals(event.session()))
        && (query.subject() == null || query.subject().equals(event.subject()))
        && (query.text() == null || holds(event, query.text().toLowerCase(Locale.ROOT)))
        && (query.since() == null || !event.at().isBefore(query.since()))
        && (query.until() == null || event.at().isBefore(query.until()))
        && (query.before() == null || entry.sequence() < query.before());
  }

  private static boolean holds(AuditEvent event, String text) {
    return (event.subject() + " " + event.details()).toLowerCase(Locale.ROOT).contains(text);
  }
}
