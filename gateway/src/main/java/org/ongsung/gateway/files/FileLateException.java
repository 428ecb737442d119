package org.ongsung.gateway.files;

import java.io.IOException;

/// The target did not answer, or took nothing, for as long as [FileLimits#answer]; the connection
/// to it was given up.
public final class FileLateException extends IOException {
  public FileLateException() {
    super("the target did not answer in time");
  }
}
