package org.ongsung.directory.bulk;

/// What a list is written in.
public enum BulkFormat {
  /// One user a line.
  USERS_CSV("users-csv"),
  /// One target a line.
  TARGETS_CSV("targets-csv"),
  /// Hosts in groups, as `ansible -i` reads them.
  ANSIBLE_INI("ansible-ini"),
  /// The same in YAML.
  ANSIBLE_YAML("ansible-yaml"),
  /// What OpenSSH's client reads, ssh_config(5).
  SSH_CONFIG("ssh-config");

  private final String text;

  BulkFormat(String text) {
    this.text = text;
  }

  /// The word in API and command line.
  public String text() {
    return text;
  }

  /// The format of a word; throws [IllegalArgumentException] for any other.
  public static BulkFormat of(String text) {
    for (BulkFormat format : values()) {
      if (format.text.equals(text)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "a format is users-csv, targets-csv, ansible-ini, ansible-yaml or ssh-config");
  }
}
