/// What a request and a response look like between a web server and an application: parameters
/// become a Jetty request, a Jetty response becomes a CGI header block, and a header block is read
/// again. No sockets. Source: RFC 3875 sections 4 and 6, and what nginx, Apache and lighttpd do.
@NullMarked
package org.ongsung.fastcgi.cgi;

import org.jspecify.annotations.NullMarked;
