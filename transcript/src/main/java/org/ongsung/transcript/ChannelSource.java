package org.ongsung.transcript;

/// Where the lines of one channel come from. One thread at a time.
sealed interface ChannelSource permits RecordedChannel, OperationsChannel, SubjectChannel {
  /// Writes what has come since the last time, for a while.
  ///
  /// @param ended whether nothing more comes
  /// @return whether there is more to do at once
  boolean advance(boolean ended);

  /// Whether the transcript is finished, or was dropped.
  boolean isDone();
}
