/// Threads that do the socket I/O of many sessions each, and never wait for one of them: what the
/// protocols build their relays on. See docs/adr/0032 and docs/adr/0098.
@NullMarked
package org.ongsung.gateway.loop;

import org.jspecify.annotations.NullMarked;
