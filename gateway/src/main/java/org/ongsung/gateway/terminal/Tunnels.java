package org.ongsung.gateway.terminal;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;

/// Opens one-time ports: a person who has proven who they are elsewhere comes through one without
/// another login.
public interface Tunnels {
  /// A range of ports, both inclusive, and where they are.
  ///
  /// @param host how people reach them
  record Range(InetAddress listen, int first, int last, String host) {
    public Range {
      if (first < 1 || last > 65_535 || first > last) {
        throw new IllegalArgumentException("a range of ports from 1 to 65535");
      }
    }

    /// The port after this one, and the first after the last.
    public int after(int port) {
      return port == last ? first : port + 1;
    }

    public int count() {
      return last - first + 1;
    }
  }

  /// How much of it there is.
  ///
  /// @param open how long a port waits
  /// @param tombstone how long it stays bound afterwards
  /// @param ofOnePerson ports of one person that may wait at once, inclusive
  /// @param refusalsTold refusals of one port that the ledger is told of, inclusive
  record Limits(Duration open, Duration tombstone, int ofOnePerson, int refusalsTold) {
    /// A minute, and one more; 4 of a person; 20 refusals.
    public static final Limits DEFAULT =
        new Limits(Duration.ofMinutes(1), Duration.ofMinutes(1), 4, 20);
  }

  /// A port that waits.
  ///
  /// @param host how people reach it
  /// @param login the user name to come with, good once; empty where the port asks for none
  /// @param until when it is late
  record Tunnel(String host, int port, String login, Instant until) {}

  /// Opens a port for this person, from the address that they have proven themselves from, for this
  /// access, once, for a short time. It is in the ledger when it returns. Blocks.
  ///
  /// @return nothing when all ports wait, or this person has as many as one may
  Optional<Tunnel> open(AuthenticatedUser user, AccessRequest access);
}
