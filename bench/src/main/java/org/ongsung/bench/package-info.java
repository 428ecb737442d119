/// Measurements against named peers; figures, never verdicts.
@NullMarked
package org.ongsung.bench;

import org.jspecify.annotations.NullMarked;
