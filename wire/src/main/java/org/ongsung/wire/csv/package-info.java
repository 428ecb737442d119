/// Comma-separated values (RFC 4180), text ⇄ records, and what keeps a spreadsheet from taking text
/// for a formula.
@NullMarked
package org.ongsung.wire.csv;

import org.jspecify.annotations.NullMarked;
