/// The event-loop transport under MINA SSHD: sockets, threads and back-pressure of both legs of a
/// session.
///
/// On the path it stands before everything: *accept* here, then the SSH front, and at the other end
/// *dial*. It imports nothing of ours but the gateway's count of addresses, and knows nothing of
/// users, targets or records.
///
/// - [EventLoops] starts the loops and equips an `SshServer` and an `SshClient` with them;
///   [TransportLimits] holds every bound.
/// - [LoopSession] is one connection (`LoopSession.of(session)`): its loop, timers, queued bytes
///   and marks.
/// - [LoopServerSession] and [LoopClientSession] handle authentication and key exchange on virtual
///   threads and the rest on the loop; extend them for sessions of one's own.
///
/// **Which thread.** A packet of an authenticated session that does not re-key is handled on the
/// session's loop, where nothing may block: a channel's `handle…` methods, requests, window
/// adjustments. Everything before that (creation, identification, key exchange, authentication,
/// with all their listeners and authenticators) is handled on virtual threads, may block, and holds
/// up this session alone. How the two alternate is told at `PacketLane`. Work that must block later
/// (authorise, open the record, dial) starts a virtual thread of its own and comes back with
/// [LoopSession#execute].
///
/// **Both legs on one loop.** Pass [EventLoops#joining] as the connect context; a connect made *on*
/// a loop stays there anyway. Legs on one loop may touch each other's relay state without locks.
///
/// **Back-pressure.** Writing never blocks. A relay either calls [LoopSession#couple] on its two
/// legs, or watches [LoopSession#onWritability] and suspends what feeds the full one
/// ([LoopSession#suspendRead] and [LoopSession#resumeRead]). Bytes that MINA holds back during a
/// key exchange count as queued.
@NullMarked
package org.ongsung.protocols.ssh.transport;

import org.jspecify.annotations.NullMarked;
