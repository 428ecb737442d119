/// Very many requests at once that each contain requests of the system to itself.
@NullMarked
package org.ongsung.bench.nested;

import org.jspecify.annotations.NullMarked;
