/// SSH (RFC 4250 to 4254): how people come in, how targets are reached, and the relay between.
/// Imports `gateway` and `wire`.
@NullMarked
package org.ongsung.protocols.ssh;

import org.jspecify.annotations.NullMarked;
