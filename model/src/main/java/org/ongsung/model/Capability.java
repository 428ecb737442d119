package org.ongsung.model;

/// What a grant may let a person do on a target.
public enum Capability {
  /// An interactive shell (RFC 4254 section 6.5).
  SHELL("shell"),
  /// A command (RFC 4254 section 6.5); `scp -O`, rsync and git come this way.
  EXEC("exec"),
  /// The sftp subsystem, which `scp` uses too.
  SFTP("sftp"),
  /// Connections from the person's side through the target (`-L`, `-D`), also to Unix sockets.
  LOCAL_FORWARD("local-forward"),
  /// Connections from the target's side to the person (`-R`), also from Unix sockets.
  REMOTE_FORWARD("remote-forward"),
  /// The person's SSH agent, lent to the target.
  AGENT_FORWARD("agent-forward"),
  /// The person's X display, lent to the target.
  X11("x11");

  private final String text;

  Capability(String text) {
    this.text = text;
  }

  /// The word in files, API and ledger.
  public String text() {
    return text;
  }

  /// The capability of a word; throws [IllegalArgumentException] for any other.
  public static Capability of(String text) {
    for (Capability capability : values()) {
      if (capability.text.equals(text)) {
        return capability;
      }
    }
    throw new IllegalArgumentException(
        "not a capability (shell, exec, sftp, local-forward, remote-forward, agent-forward, x11): "
            + Shown.quoted(text));
  }
}
