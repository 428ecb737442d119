package org.ongsung.policy;

/// More passwords are being checked than the limits allow; nothing was checked.
public final class PasswordsBusyException extends RuntimeException {
  PasswordsBusyException(Throwable cause) {
    super("too many passwords are being checked at the moment", cause);
  }
}
