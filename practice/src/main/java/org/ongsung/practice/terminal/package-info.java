/// The practice target's end of a terminal: what a kernel's line discipline and a shell's line
/// editor do.
@NullMarked
package org.ongsung.practice.terminal;

import org.jspecify.annotations.NullMarked;
