/// The rooms put together into one running gateway: opened in the order of the path, closed in the
/// other.
@NullMarked
package org.ongsung.server.running;

import org.jspecify.annotations.NullMarked;
