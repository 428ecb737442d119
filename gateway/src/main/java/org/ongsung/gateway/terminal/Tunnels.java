package org.ongsung.gateway.terminal;

import java.time.Instant;
import java.util.Optional;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;

/// Opens one-time ports: a person who has proven who they are elsewhere comes through one without
/// another login.
public interface Tunnels {
  /// A port that waits.
  ///
  /// @param host how people reach it
  /// @param until when it is late
  record Tunnel(String host, int port, Instant until) {}

  /// Opens a port for this person, from the address that they have proven themselves from, for this
  /// access, once, for a short time. It is in the ledger when it returns. Blocks.
  ///
  /// @return nothing when all ports wait, or this person has as many as one may
  Optional<Tunnel> open(AuthenticatedUser user, AccessRequest access);
}
