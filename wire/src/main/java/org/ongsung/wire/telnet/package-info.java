/// Telnet (RFC 854, 855) between bytes and what they mean: data, commands, the negotiation of
/// options and their subnegotiations. No sockets, no clock.
///
/// [TelnetDecoder] reads, [TelnetEncoder] writes, [TelnetNegotiation] keeps what both sides agreed
/// on (RFC 1143), and [WindowSize], [TerminalType], [Environment] and [CharacterSet] know what
/// stands in the subnegotiations of RFC 1073, 1091, 1572 and 2066. LINEMODE (RFC 1184), terminal
/// speed (RFC 1079) and remote flow control (RFC 1372) come and go as plain subnegotiations.
@NullMarked
package org.ongsung.wire.telnet;

import org.jspecify.annotations.NullMarked;
