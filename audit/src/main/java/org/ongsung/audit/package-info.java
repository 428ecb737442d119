/// The ledger: append-only audit events, durable before anyone goes on. Imports `model`.
@NullMarked
package org.ongsung.audit;

import org.jspecify.annotations.NullMarked;
