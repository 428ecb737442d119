/// A passive observer of SFTP version 3: it is shown the bytes of both directions as they pass and
/// tells which file operations were asked for and how each ended. It changes nothing and copies no
/// file data.
///
/// Sources: draft-ietf-secsh-filexfer-02; OpenSSH's PROTOCOL (9.2 to 10.0), section 4, for the
/// extensions `posix-rename@openssh.com`, `hardlink@openssh.com`, `fsync@openssh.com`,
/// `statvfs@openssh.com`, `fstatvfs@openssh.com`, `lsetstat@openssh.com`, `limits@openssh.com`,
/// `expand-path@openssh.com`, `copy-data`, `home-directory` and `users-groups-by-id@openssh.com`.
@NullMarked
package org.ongsung.wire.sftp;

import org.jspecify.annotations.NullMarked;
