/// asciicast v2, the file format of terminal recordings: a header line, then one JSON array per
/// event. Source: https://docs.asciinema.org/manual/asciicast/v2/
@NullMarked
package org.ongsung.wire.asciicast;

import org.jspecify.annotations.NullMarked;
