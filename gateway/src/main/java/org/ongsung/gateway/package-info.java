/// The one path of every access: open the record, dial, relay, close the record; and the live
/// sessions. Protocol rooms plug in here.
@NullMarked
package org.ongsung.gateway;

import org.jspecify.annotations.NullMarked;
