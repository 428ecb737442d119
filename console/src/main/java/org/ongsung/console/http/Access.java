package org.ongsung.console.http;

/// Who may use a route. There is no default: each route says one of these.
public enum Access {
  /// Anyone, logged in or not.
  PUBLIC,
  /// Whoever has proven who they are; a worker is nobody here.
  USER,
  /// Auditors and administrators.
  AUDITOR,
  /// Administrators.
  ADMIN,
  /// The person whose session the path's `{id}` names, auditors and administrators. To everyone
  /// else the session does not exist.
  SESSION_OWNER,
  /// Workers, with the token that an administrator made for them.
  WORKER,
  /// Administrators, and anybody who comes over the loopback interface and not through a proxy.
  METRICS
}
