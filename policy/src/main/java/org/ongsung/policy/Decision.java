package org.ongsung.policy;

import java.util.List;
import org.ongsung.model.Account;
import org.ongsung.model.Target;

/// What the policy says to an access request.
public sealed interface Decision {
  /// Yes.
  record Permit(TargetGrant grant) implements Decision {}

  /// Several accounts fit and none was named: the person chooses one of these.
  record Choose(Target target, List<Account> accounts) implements Decision {
    public Choose {
      accounts = List.copyOf(accounts);
    }
  }

  /// No. The reason is for the ledger: to the person every denial looks the same.
  record Deny(String reason) implements Decision {}
}
