/// What the kinds of jobs do, composed from the rooms that can: probing, purging, backing up,
/// telling, reporting.
@NullMarked
package org.ongsung.server.work;

import org.jspecify.annotations.NullMarked;
