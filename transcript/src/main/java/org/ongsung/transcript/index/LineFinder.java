package org.ongsung.transcript.index;

/// Finds lines of transcripts. For any thread; blocks.
public interface LineFinder {
  /// A page of what matches, newest first.
  ///
  /// @throws SearchBusyException when it cannot be done right now
  FoundLines find(LineQuery query) throws SearchBusyException;

  /// How many lines of the database are not found yet, about; -1 while that is not known.
  default long behind() {
    return -1;
  }
}
