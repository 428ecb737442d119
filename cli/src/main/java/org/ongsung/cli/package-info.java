/// The command line: a client of the HTTP API, but for what must work offline.
@NullMarked
package org.ongsung.cli;

import org.jspecify.annotations.NullMarked;
