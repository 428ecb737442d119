/// The little JSON that lines of recordings are made of (RFC 8259): strings written, lines read,
/// nothing kept. Imports nothing of ours.
@NullMarked
package org.ongsung.wire.json;

import org.jspecify.annotations.NullMarked;
