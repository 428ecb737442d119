package org.ongsung.fastcgi.wire;

import org.jspecify.annotations.Nullable;

/// How a request ended, in `FCGI_END_REQUEST` (section 5.5).
public enum ProtocolStatus {
  /// It was answered.
  REQUEST_COMPLETE(0),
  /// Declined: this connection takes one request at a time.
  CANT_MPX_CONN(1),
  /// Declined: out of some resource.
  OVERLOADED(2),
  /// Declined: the asked-for role is not played here.
  UNKNOWN_ROLE(3);

  private final int code;

  ProtocolStatus(int code) {
    this.code = code;
  }

  /// The byte on the wire.
  public int code() {
    return code;
  }

  /// The status of that byte, or null when there is none.
  public static @Nullable ProtocolStatus of(int code) {
    for (ProtocolStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    return null;
  }
}
