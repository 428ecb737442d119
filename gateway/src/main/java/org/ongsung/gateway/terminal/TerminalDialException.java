package org.ongsung.gateway.terminal;

import org.ongsung.model.EndReason;

/// No terminal at the target: what to tell the person, and for the ledger why.
public final class TerminalDialException extends Exception {
  private final transient Spoken told;
  private final transient EndReason reason;

  public TerminalDialException(Spoken told, EndReason reason) {
    super(reason.text());
    this.told = told;
    this.reason = reason;
  }

  public Spoken told() {
    return told;
  }

  public EndReason reason() {
    return reason;
  }
}
