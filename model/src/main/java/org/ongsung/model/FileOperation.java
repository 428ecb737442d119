package org.ongsung.model;

import java.time.Instant;

/// One operation on a file of a target, seen on its way through.
///
/// @param kind such as `open`, `close`, `remove`, `rename`, `mkdir`, `rmdir`, `setstat`, `symlink`,
///   `hardlink`
/// @param path as sent, what is not UTF-8 replaced
/// @param otherPath the second path of rename, symlink and hardlink; else empty
/// @param detail flags of an open, attributes of a setstat; else empty
/// @param bytesRead bytes that a handle gave, at its close
/// @param bytesWritten bytes that a handle took, at its close
/// @param result `ok`, or the target's status and message
public record FileOperation(
    SessionId session,
    int channel,
    Instant at,
    String kind,
    String path,
    String otherPath,
    String detail,
    long bytesRead,
    long bytesWritten,
    String result) {}
