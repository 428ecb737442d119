package org.ongsung.directory.access;

import java.util.concurrent.atomic.AtomicReference;
import org.ongsung.directory.Actor;
import org.ongsung.directory.CheckedChange;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectoryLimits;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.Passwords;
import org.ongsung.vault.Vault;

/// Applies access documents, whole ones and those about a single entry, each as one change.
///
/// Blocks: hashing takes tens of milliseconds for each password in clear, one after the other, so
/// that logins go on meanwhile. Safe for any thread.
public final class AccessApplication {
  private final Directory directory;
  private final DirectoryLimits limits;
  private final Passwords passwords;
  private final Vault vault;

  public AccessApplication(
      Directory directory, DirectoryLimits limits, Passwords passwords, Vault vault) {
    this.directory = directory;
    this.limits = limits;
    this.passwords = passwords;
    this.vault = vault;
  }

  /// Makes the directory as `document` says: what it names is written, all of it or nothing.
  ///
  /// @param prune whether what it does not name goes; never the actor's own user, and no active
  ///   admin when the document names none
  /// @throws org.ongsung.directory.DirectoryRuleException when a rule would be broken; nothing was
  ///   changed then
  public AccessResult apply(Actor actor, AccessDocument document, boolean prune) {
    AccessPlanner planner = new AccessPlanner(passwords, vault, actor, document, prune);
    planner.plan(directory.snapshot()); // hashes what must be hashed, outside of the change
    AtomicReference<AccessResult> result = new AtomicReference<>();
    directory.change(
        actor,
        snapshot -> {
          AccessPlan plan = planner.plan(snapshot);
          CheckedChange checked = CheckedChange.of(snapshot, plan.change(), limits);
          result.set(
              new AccessResult(checked.differences(), plan.notes(), !checked.change().isEmpty()));
          return plan.change();
        });
    return result.get();
  }

  /// What [#apply] would do now.
  ///
  /// @throws org.ongsung.directory.DirectoryRuleException when a rule would be broken
  public AccessResult preview(Actor actor, AccessDocument document, boolean prune) {
    DirectorySnapshot snapshot = directory.snapshot();
    AccessPlan plan = new AccessPlanner(passwords, vault, actor, document, prune).plan(snapshot);
    return new AccessResult(
        CheckedChange.of(snapshot, plan.change(), limits).differences(), plan.notes(), false);
  }
}
