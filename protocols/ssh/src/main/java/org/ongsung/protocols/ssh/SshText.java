package org.ongsung.protocols.ssh;

/// Text of the two sides, bounded before it is kept, and words of ours that are translated when
/// they are shown.
final class SshText {
  /// A word of the bundle, by its key.
  record Term(String key) {}

  private SshText() {}

  /// The first `maxCharacters` of `text`.
  static String bounded(String text, int maxCharacters) {
    return text.length() <= maxCharacters ? text : text.substring(0, maxCharacters);
  }
}
