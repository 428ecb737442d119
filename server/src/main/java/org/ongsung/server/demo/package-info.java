/// A whole gateway with something behind it, to try for a minute: nothing of it stays.
@NullMarked
package org.ongsung.server.demo;

import org.jspecify.annotations.NullMarked;
