package org.ongsung.recording;

/// Who watches a recording grow. Called on one virtual thread; may block, and then gets what was
/// recorded meanwhile later, from the recording itself.
public interface RecordingFollower {
  /// A line was recorded, without its line feed. The first is the header. An exception ends the
  /// following.
  void line(String line);

  /// Nothing more comes: the recording is closed, or cannot be read any more.
  void ended();
}
