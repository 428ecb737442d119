@NullMarked
package org.ongsung.gateway.via;

import org.jspecify.annotations.NullMarked;
