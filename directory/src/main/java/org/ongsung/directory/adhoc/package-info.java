/// Targets that nobody has registered yet and that configuration lets people register by going
/// there. Off unless configured. Imports `model`, `vault` and the directory's own words.
@NullMarked
package org.ongsung.directory.adhoc;

import org.jspecify.annotations.NullMarked;
