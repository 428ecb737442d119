/// Files in and out of one file: the tar format as far as backups and distributions need it.
@NullMarked
package org.ongsung.server.archive;

import org.jspecify.annotations.NullMarked;
