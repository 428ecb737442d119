package org.ongsung.directory;

import org.ongsung.model.PasswordHash;

/// How the directory turns passwords into hashes and knows them again. Both take tens of
/// milliseconds of a processor on purpose; call them outside of [Directory#change].
public interface Passwords {
  /// The most characters a password may have, inclusive.
  int MAX_CHARACTERS = 1_024;

  /// A fresh hash, with a salt of its own.
  PasswordHash hash(String password);

  /// Whether `hash` is one of `password`.
  boolean matches(String password, PasswordHash hash);

  /// Throws [IllegalArgumentException] when `hash` asks for more memory or time than is given.
  void checkAcceptable(PasswordHash hash);
}
