package org.ongsung.gateway.files;

import org.ongsung.gateway.terminal.Spoken;
import org.ongsung.model.EndReason;

/// No way to the target's files: what to tell the person, and for the ledger why.
public final class FileDialException extends Exception {
  private final transient Spoken told;
  private final transient EndReason reason;

  public FileDialException(Spoken told, EndReason reason) {
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
