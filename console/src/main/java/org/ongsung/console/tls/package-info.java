/// The console's own TLS: certificate and key from PEM files, taken anew when they are renewed.
@NullMarked
package org.ongsung.console.tls;

import org.jspecify.annotations.NullMarked;
