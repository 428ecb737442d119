/// The pages: what each shows and what its forms do. Reads and acts through the same
/// [org.ongsung.console.services] as the API does; the templates stand in `src/main/jte`.
@NullMarked
package org.ongsung.console.page;

import org.jspecify.annotations.NullMarked;
