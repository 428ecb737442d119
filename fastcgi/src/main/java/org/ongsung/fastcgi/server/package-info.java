/// The server connector: accepts front servers, reads their records, runs requests through Jetty
/// and writes responses. Reading and writing never block; handlers may.
@NullMarked
package org.ongsung.fastcgi.server;

import org.jspecify.annotations.NullMarked;
