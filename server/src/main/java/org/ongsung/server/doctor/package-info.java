/// What can be wrong around a gateway, looked at from outside, each with what to do about it.
@NullMarked
package org.ongsung.server.doctor;

import org.jspecify.annotations.NullMarked;
