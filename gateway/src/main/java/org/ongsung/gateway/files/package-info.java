/// Files of targets, for fronts that do not speak the target's own protocol: the neutral middle
/// between a page or a program and what reaches the files.
///
/// On the path it stands from *authorise* on: [FileSessions#open] takes a permission, opens the
/// record and dials through the [FileDialler] of the target's protocol; what it gives is open until
/// the person closes it or the gateway ends the session.
///
/// Everything here blocks and belongs on virtual threads; that is the back-pressure.
@NullMarked
package org.ongsung.gateway.files;

import org.jspecify.annotations.NullMarked;
