/// What commands print: tables, times, sizes, and terminal recordings made harmless.
@NullMarked
package org.ongsung.cli.show;

import org.jspecify.annotations.NullMarked;
