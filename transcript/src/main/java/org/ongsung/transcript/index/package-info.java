/// The index of transcript lines that each node keeps in its data folder, made from the lines in
/// the database and made anew whenever it is missing or of an older format. Lucene stays in here.
@NullMarked
package org.ongsung.transcript.index;

import org.jspecify.annotations.NullMarked;
