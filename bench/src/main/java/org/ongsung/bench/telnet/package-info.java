/// Telnet measured beside a plain TCP relay.
@NullMarked
package org.ongsung.bench.telnet;

import org.jspecify.annotations.NullMarked;
