package org.ongsung.console.services;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.ongsung.audit.Ledger;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.vault.OwnSecret;
import org.ongsung.vault.OwnSecrets;
import org.ongsung.vault.Secret;

/// Changes of the gateway's own secrets. They are its operator's: nobody but the owner of the data
/// folder makes them, since an administrator who could would be able to take notifications away
/// (ADR 51). A change is in the ledger before it is made.
public final class OwnSecretEdits {
  /// The longest secret, in characters, inclusive.
  public static final int MAX_CHARACTERS = 1_000;

  private final OwnSecrets secrets;
  private final Ledger ledger;
  private final InstantSource clock;

  public OwnSecretEdits(OwnSecrets secrets, Ledger ledger, InstantSource clock) {
    this.secrets = secrets;
    this.ledger = ledger;
    this.clock = clock;
  }

  /// Sets one, over the one before it.
  public void set(Caller caller, OwnSecret which, String text) {
    admit(caller);
    if (text.isEmpty()
        || text.length() > MAX_CHARACTERS
        || text.codePoints().anyMatch(Character::isISOControl)) {
      throw HttpProblem.badRequest(
          "secret: 1 to " + MAX_CHARACTERS + " characters, none of them control characters");
    }
    tell(caller, which, "set");
    try (Secret secret = new Secret(text.getBytes(StandardCharsets.UTF_8))) {
      secrets.set(which, secret);
    }
  }

  /// Takes one away, if there is one.
  public void remove(Caller caller, OwnSecret which) {
    admit(caller);
    if (secrets.has(which)) {
      tell(caller, which, "removed");
      boolean _ = secrets.remove(which);
    }
  }

  private static void admit(Caller caller) {
    if (caller.user() != null) {
      throw new HttpProblem(
          403,
          "owner-only",
          "only the owner of the data folder changes this, on the gateway itself");
    }
  }

  private void tell(Caller caller, OwnSecret which, String action) {
    ledger.append(
        new AuditEvent(
            clock.instant(),
            AuditCode.SECRET_CHANGED,
            caller.name(),
            caller.sourceText(),
            null,
            which.text(),
            Map.of("secret", which.text(), "action", action)));
  }
}
