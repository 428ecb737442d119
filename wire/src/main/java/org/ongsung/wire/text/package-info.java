/// Text that strangers send: bytes made into characters without losing count of what was not text,
/// and characters made safe to look at.
@NullMarked
package org.ongsung.wire.text;

import org.jspecify.annotations.NullMarked;
