/// A worker in a process of its own: the queue over HTTP, and what it can do there.
@NullMarked
package org.ongsung.server.worker;

import org.jspecify.annotations.NullMarked;
