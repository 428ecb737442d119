package org.ongsung.wire.sftp;

/// How an operation ended.
///
/// @param code the server's status code (draft-ietf-secsh-filexfer-02, section 7; [#OK] when it
///   gave a handle), or [#UNANSWERED]
/// @param message the server's own words, which may be empty; data from a stranger, escape it to
///   show it
public record SftpResult(int code, String message) {
  /// SSH_FX_OK.
  public static final int OK = 0;

  /// The channel ended before the server answered: the operation may have happened or not.
  public static final int UNANSWERED = -1;

  static final SftpResult SUCCESS = new SftpResult(OK, "");
  static final SftpResult NO_ANSWER = new SftpResult(UNANSWERED, "");

  /// Whether the server said that it was done.
  public boolean ok() {
    return code == OK;
  }

  /// The code's name in the standard, in lower case: `no such file`, `permission denied`.
  public String name() {
    return switch (code) {
      case UNANSWERED -> "no answer";
      case OK -> "ok";
      case 1 -> "end of file";
      case 2 -> "no such file";
      case 3 -> "permission denied";
      case 4 -> "failure";
      case 5 -> "bad message";
      case 6 -> "no connection";
      case 7 -> "connection lost";
      case 8 -> "operation unsupported";
      default -> "status " + Integer.toUnsignedString(code);
    };
  }
}
