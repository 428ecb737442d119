/// Terminals between people and targets, whatever either side speaks: the neutral middle that lets
/// any front meet any terminal upstream.
///
/// On the path it stands from *authorise* on: [Terminals#run] takes a permission and a
/// [TerminalFront], opens the record, dials through the [TerminalDialler] of the target's protocol,
/// relays, and closes. An SSH front before an SSH target does not come here: it relays packets.
///
/// Everything here blocks and belongs on virtual threads. Back-pressure is the blocking itself: one
/// thread for each direction, which reads no more before what it read is recorded and passed on.
@NullMarked
package org.ongsung.gateway.terminal;

import org.jspecify.annotations.NullMarked;
