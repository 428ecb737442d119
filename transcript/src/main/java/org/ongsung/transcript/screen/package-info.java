/// A terminal without a display (ECMA-48, and xterm's control sequences as the terminfo entry
/// `xterm-256color` uses them): what stands on the screen after any output. Bounded whatever a
/// target sends. Knows nothing of recordings; imports nothing of ours.
@NullMarked
package org.ongsung.transcript.screen;

import org.jspecify.annotations.NullMarked;
