/// Configuration and main: composes every room into one process.
@NullMarked
package org.ongsung.server;

import org.jspecify.annotations.NullMarked;
