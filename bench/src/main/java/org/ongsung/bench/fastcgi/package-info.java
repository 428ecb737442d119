/// One Jetty server behind one nginx: FastCGI beside HTTP. Stands outside the product; started by
/// `bench/fastcgi`.
@NullMarked
package org.ongsung.bench.fastcgi;

import org.jspecify.annotations.NullMarked;
