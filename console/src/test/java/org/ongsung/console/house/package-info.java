/// A console alone: real policy and directory over stores in memory, with sample data.
@NullMarked
package org.ongsung.console.house;

import org.jspecify.annotations.NullMarked;
