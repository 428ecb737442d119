/// SQL for every storage port: SQLite and PostgreSQL, and their migrations. The only room that
/// knows `java.sql`.
@NullMarked
package org.ongsung.store;

import org.jspecify.annotations.NullMarked;
