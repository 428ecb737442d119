/// Secrets: sealed on arrival, opened only for the dialler. Imports `model`.
@NullMarked
package org.ongsung.vault;

import org.jspecify.annotations.NullMarked;
