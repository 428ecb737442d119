/// The `Forwarded` header field (RFC 7239): what each proxy on a request's way says of whom it got
/// the request from.
///
/// On the path it belongs to *accept*: a listener reads it of configured peers alone.
@NullMarked
package org.ongsung.wire.forwarded;

import org.jspecify.annotations.NullMarked;
