/// The client: what a web server does, for tests, for checks of a deployment, and for standing in
/// front of FastCGI applications. Plain blocking code for virtual threads.
@NullMarked
package org.ongsung.fastcgi.client;

import org.jspecify.annotations.NullMarked;
