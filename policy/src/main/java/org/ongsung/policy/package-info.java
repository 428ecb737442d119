/// Authentication and authorization: the only place where a permission is made. Imports `model`,
/// `directory`, `vault` and `audit`.
@NullMarked
package org.ongsung.policy;

import org.jspecify.annotations.NullMarked;
