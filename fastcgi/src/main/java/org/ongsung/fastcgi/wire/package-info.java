/// The records of FastCGI 1.0, bytes to values and back: no sockets, no clock, no logger. Source:
/// "FastCGI Specification", Mark R. Brown, Open Market, 29 April 1996, sections 3 to 5 and 8.
@NullMarked
package org.ongsung.fastcgi.wire;

import org.jspecify.annotations.NullMarked;
