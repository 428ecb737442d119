package org.ongsung.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.Title;
import org.ongsung.model.User;

/// CVE-2025-59339 and its kind: an audit write failed, was logged, and what it was about happened
/// all the same. Here the entry is durable before the change is made, or the change is not made.
class AuditFailsOpenRegressionTest {
  private final MemoryStore store = new MemoryStore();
  private final MemoryLedger events = new MemoryLedger();

  @Test
  void noLedgerNoChange() {
    try (Ledger ledger = new Ledger(events, LedgerLimits.DEFAULT);
        StoredDirectory directory = open(ledger)) {
      events.failing = true;
      assertThatThrownBy(() -> directory.change(Actor.SYSTEM, _ -> adding("mallory")))
          .isInstanceOf(LedgerUnavailableException.class);
      assertThat(store.saves).isZero();
      assertThat(directory.snapshot().users()).isEmpty();

      events.failing = false;
      directory.change(Actor.SYSTEM, _ -> adding("alice"));
      assertThat(store.saves).isEqualTo(1);
    }
  }

  @Test
  void aClosedLedgerTakesNoChange() {
    Ledger ledger = new Ledger(events, LedgerLimits.DEFAULT);
    try (StoredDirectory directory = open(ledger)) {
      ledger.close();
      assertThatThrownBy(() -> directory.change(Actor.SYSTEM, _ -> adding("mallory")))
          .isInstanceOf(LedgerUnavailableException.class);
      assertThat(store.saves).isZero();
    }
  }

  @Test
  void theEntryIsThereWhenTheChangeIsMade() {
    try (Ledger ledger = new Ledger(events, LedgerLimits.DEFAULT);
        StoredDirectory directory = open(ledger)) {
      store.beforeSave = () -> assertThat(events.codes()).containsExactly("user.created");
      directory.change(Actor.SYSTEM, _ -> adding("alice"));
      assertThat(store.saves).isEqualTo(1);
    }
  }

  private StoredDirectory open(Ledger ledger) {
    return new StoredDirectory(
        store, ledger, InstantSource.fixed(Instant.EPOCH), DirectoryLimits.DEFAULT);
  }

  private static DirectoryChange adding(String name) {
    return new DirectoryChange.Builder()
        .put(
            new User(
                Name.of(name), Title.NONE, Set.of(Role.ADMIN), Set.of(), true, null, List.of()))
        .build();
  }
}
