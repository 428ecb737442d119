/// Looking after a data folder: backup and restore.
@NullMarked
package org.ongsung.server.upkeep;

import org.jspecify.annotations.NullMarked;
