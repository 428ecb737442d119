package org.ongsung.directory.access;

import java.util.concurrent.atomic.AtomicInteger;
import org.ongsung.directory.Passwords;
import org.ongsung.model.PasswordHash;

/// Hashes that cost nothing: each has a salt of its own, as real ones do.
final class PlainPasswords implements Passwords {
  final AtomicInteger hashed = new AtomicInteger();
  final AtomicInteger compared = new AtomicInteger();

  @Override
  public PasswordHash hash(String password) {
    return new PasswordHash("$argon2id$" + hashed.incrementAndGet() + "$" + password);
  }

  @Override
  public boolean matches(String password, PasswordHash hash) {
    compared.incrementAndGet();
    return hash.encoded().endsWith("$" + password);
  }

  @Override
  public void checkAcceptable(PasswordHash hash) {
    if (hash.encoded().contains("m=9999999")) {
      throw new IllegalArgumentException("too dear");
    }
  }
}
