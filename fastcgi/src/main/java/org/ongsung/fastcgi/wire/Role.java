package org.ongsung.fastcgi.wire;

import org.jspecify.annotations.Nullable;

/// What an application is asked to be for a request (section 6). Only [#RESPONDER] is in use
/// anywhere.
public enum Role {
  RESPONDER(1),
  AUTHORIZER(2),
  FILTER(3);

  private final int code;

  Role(int code) {
    this.code = code;
  }

  /// The number on the wire, two bytes there.
  public int code() {
    return code;
  }

  /// The role of that number, or null when there is none.
  public static @Nullable Role of(int code) {
    for (Role role : values()) {
      if (role.code == code) {
        return role;
      }
    }
    return null;
  }
}
