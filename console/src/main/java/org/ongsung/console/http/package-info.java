/// What every request goes through before anyone acts on it: one canonical path, one route table,
/// one place that says who may, limits, cookies, replies and security headers. Knows nothing of
/// targets or sessions.
@NullMarked
package org.ongsung.console.http;

import org.jspecify.annotations.NullMarked;
