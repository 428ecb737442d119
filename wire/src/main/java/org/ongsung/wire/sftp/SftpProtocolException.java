package org.ongsung.wire.sftp;

/// What passed is not SFTP version 3, or more than the limits allow: it cannot be recorded, so the
/// channel that carries it must end. The message is fit for the person and holds nothing from the
/// wire.
public final class SftpProtocolException extends Exception {
  SftpProtocolException(String message) {
    super(message);
  }
}
