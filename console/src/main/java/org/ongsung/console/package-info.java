/// The HTTP API, the pages and the assets. Reads through the ports, acts through `directory`,
/// `gateway` and `policy`.
@NullMarked
package org.ongsung.console;

import org.jspecify.annotations.NullMarked;
