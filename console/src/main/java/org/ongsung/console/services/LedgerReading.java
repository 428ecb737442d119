package org.ongsung.console.services;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;

/// The ledger for readers: pages of it, and the export as JSON lines, which is itself an event.
public final class LedgerReading {
  private static final int BUFFER_BYTES = 64 << 10;

  private final Ledger ledger;
  private final StreamPlaces places;
  private final InstantSource clock;

  public LedgerReading(Ledger ledger, StreamPlaces places, InstantSource clock) {
    this.places = places;
    this.ledger = ledger;
    this.clock = clock;
  }

  /// The entries that match, newest first.
  public List<LedgerEntry> find(LedgerQuery query) {
    return ledger.find(query);
  }

  /// All that matches, oldest first, one JSON object a line.
  ///
  /// The store gives pages newest first: the first pass only remembers where each page begins, the
  /// second reads them from the far end, so that memory stays at one page.
  public Reply export(Caller caller, LedgerQuery query, String asked) {
    ledger.append(
        new AuditEvent(
            clock.instant(),
            AuditCode.LEDGER_EXPORTED,
            caller.name(),
            caller.sourceText(),
            null,
            "ledger",
            Map.of("query", asked)));
    return Reply.stream("application/jsonl", places.holding(out -> write(query, out)))
        .with("Content-Disposition", "attachment; filename=\"ongsung-ledger.jsonl\"");
  }

  private void write(LedgerQuery query, OutputStream out) throws IOException {
    List<Long> starts = new ArrayList<>();
    @Nullable Long before = query.before();
    List<LedgerEntry> page = ledger.find(at(query, before));
    while (!page.isEmpty()) {
      starts.add(page.getFirst().sequence() + 1);
      before = page.getLast().sequence();
      page = ledger.find(at(query, before));
    }
    BufferedOutputStream lines = new BufferedOutputStream(out, BUFFER_BYTES);
    for (Long start : starts.reversed()) {
      for (LedgerEntry entry : ledger.find(at(query, start)).reversed()) {
        lines.write(Json.write(tree(entry)));
        lines.write('\n');
      }
    }
    lines.flush();
  }

  private static LedgerQuery at(LedgerQuery query, @Nullable Long before) {
    return new LedgerQuery(
        query.codes(),
        query.actor(),
        query.session(),
        query.subject(),
        query.text(),
        query.since(),
        query.until(),
        before,
        LedgerQuery.MAX_LIMIT);
  }

  /// An entry as JSON shows it.
  public static Map<String, @Nullable Object> tree(LedgerEntry entry) {
    AuditEvent event = entry.event();
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("sequence", entry.sequence());
    tree.put("at", event.at().toString());
    tree.put("code", event.code().text());
    tree.put("actor", event.actor());
    tree.put("source", event.source());
    tree.put("session", event.session() == null ? null : event.session().value());
    tree.put("subject", event.subject());
    tree.put("details", event.details());
    return tree;
  }
}
