/// The data folder of one gateway, and why a gateway could not start.
@NullMarked
package org.ongsung.server.data;

import org.jspecify.annotations.NullMarked;
