/// Telnet: people come in by it, in the clear or over TLS, and targets are reached by it.
///
/// On the path it stands at both ends: *accept* and *authenticate* in [TelnetProtocol] and
/// [TelnetConnection], *dial* in [TelnetUpstream]; what lies between is the neutral terminal of
/// `org.ongsung.gateway.terminal`. It may import `gateway` and `wire`, and no other protocol.
///
/// Everything blocks, on virtual threads: one that reads and one that writes for each connection.
@NullMarked
package org.ongsung.protocols.telnet;

import org.jspecify.annotations.NullMarked;
