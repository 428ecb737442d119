/// The words of the command line, Korean and English: imports nothing of ours but the model's
/// nouns.
@NullMarked
package org.ongsung.cli.words;

import org.jspecify.annotations.NullMarked;
