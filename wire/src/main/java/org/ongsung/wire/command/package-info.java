/// Recognises what an `exec` command line is for, so that a channel can be shown as what it is.
@NullMarked
package org.ongsung.wire.command;

import org.jspecify.annotations.NullMarked;
