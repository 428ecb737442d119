/// Lines from recordings: what a person typed as commands and what the screen showed, resolved by a
/// [org.ongsung.transcript.screen.Screen]. The same recording always gives the same lines, so that
/// whoever was stopped in the middle goes on exactly.
@NullMarked
package org.ongsung.transcript.render;

import org.jspecify.annotations.NullMarked;
