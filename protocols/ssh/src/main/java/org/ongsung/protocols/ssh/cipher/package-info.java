/// The ciphers that SSH sessions may use, and chacha20-poly1305 through libcrypto where there is
/// one.
///
/// Beside the path: front and upstream take their lists from [SshCiphers]. Imports nothing of ours.
///
/// AES-GCM stays with the JDK's own provider: MINA encrypts and decrypts in place at the same
/// offset, which JDK 25's `GaloisCounterMode` does without a copy, at the speed of libcrypto.
@NullMarked
package org.ongsung.protocols.ssh.cipher;

import org.jspecify.annotations.NullMarked;
