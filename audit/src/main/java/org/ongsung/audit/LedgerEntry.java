package org.ongsung.audit;

import org.ongsung.model.AuditEvent;

/// An event in its place in the ledger.
///
/// @param sequence 1 and up, without gaps, in the order of durability
public record LedgerEntry(long sequence, AuditEvent event) {}
