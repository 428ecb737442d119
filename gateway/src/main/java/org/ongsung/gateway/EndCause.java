package org.ongsung.gateway;

/// Why the gateway ended a session, as the ledger says it in the detail `cause`.
enum EndCause {
  ADMINISTRATOR("administrator"),
  IDLE("idle-limit"),
  DURATION("duration-limit"),
  GRANT_ENDED("grant-ended"),
  REVOKED("revoked"),
  RECORD_FAILED("record-failed"),
  STORAGE_FULL("storage-full"),
  DRAIN("gateway-stop");

  private final String text;

  EndCause(String text) {
    this.text = text;
  }

  /// The stable word in the ledger.
  String text() {
    return text;
  }
}
