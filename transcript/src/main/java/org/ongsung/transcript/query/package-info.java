/// What is looked for in transcripts: words and regular expressions, with what every line that
/// matches must hold (its [org.ongsung.transcript.query.Grams]), so that an index narrows the
/// search.
@NullMarked
package org.ongsung.transcript.query;

import org.jspecify.annotations.NullMarked;
