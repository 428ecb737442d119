package org.ongsung.console.tls;

import java.io.IOException;

/// Files that cannot be served with: the message names the file and what is wrong with it.
public final class UnusableCertificateException extends IOException {
  private final String advice;

  UnusableCertificateException(String message, String advice) {
    super(message);
    this.advice = advice;
  }

  /// What to do about it.
  public String advice() {
    return advice;
  }
}
