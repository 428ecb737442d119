/// Words, times and sizes for people: in Korean or English, in their own time zone. Knows nothing
/// of requests or of the gateway.
@NullMarked
package org.ongsung.console.text;

import org.jspecify.annotations.NullMarked;
