/// FastCGI 1.0 for Jetty 12.1 core: a server connector and a client. What both ends share stands
/// here; `wire` has the records, `cgi` what a request and a response look like inside them,
/// `server` the connector, `client` the client. Knows nothing of Ongsung.
@NullMarked
package org.ongsung.fastcgi;

import org.jspecify.annotations.NullMarked;
