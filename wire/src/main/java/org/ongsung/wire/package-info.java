/// Codecs, bytes to messages and back. No sockets, no clock, no logger; imports nothing of ours.
@NullMarked
package org.ongsung.wire;

import org.jspecify.annotations.NullMarked;
