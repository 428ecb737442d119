/// The lines of transcripts and the port of the database that keeps them.
@NullMarked
package org.ongsung.transcript.line;

import org.jspecify.annotations.NullMarked;
