/// Fixtures and real servers that tests start and stop.
@NullMarked
package org.ongsung.testkit;

import org.jspecify.annotations.NullMarked;
