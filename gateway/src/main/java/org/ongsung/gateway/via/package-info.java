/// Byte streams to targets that only a worker elsewhere reaches: a step of *dial*, below any
/// protocol. What passes is what would pass on a TCP connection; encryption, host keys, credentials
/// and the record stay with whoever dials. See docs/adr/0085. Imports `model` alone.
@NullMarked
package org.ongsung.gateway.via;

import org.jspecify.annotations.NullMarked;
