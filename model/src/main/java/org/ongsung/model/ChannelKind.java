package org.ongsung.model;

/// What a channel of a session carries.
public enum ChannelKind {
  SHELL("shell"),
  EXEC("exec"),
  SFTP("sftp"),
  SCP("scp"),
  RSYNC("rsync"),
  GIT("git"),
  /// `direct-tcpip` (RFC 4254 section 7.2).
  LOCAL_FORWARD("local-forward"),
  /// `forwarded-tcpip` (RFC 4254 section 7.2).
  REMOTE_FORWARD("remote-forward"),
  /// `direct-streamlocal@openssh.com`.
  LOCAL_SOCKET_FORWARD("local-socket-forward"),
  /// `forwarded-streamlocal@openssh.com`.
  REMOTE_SOCKET_FORWARD("remote-socket-forward"),
  AGENT("agent"),
  X11("x11");

  private final String text;

  ChannelKind(String text) {
    this.text = text;
  }

  /// The word in API, store and ledger.
  public String text() {
    return text;
  }

  /// The kind of a word; throws [IllegalArgumentException] for any other.
  public static ChannelKind of(String text) {
    for (ChannelKind kind : values()) {
      if (kind.text.equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("not a channel kind: " + Shown.quoted(text));
  }
}
