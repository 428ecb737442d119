package org.ongsung.jobs;

import org.ongsung.model.Shown;

/// How far a running job is.
///
/// @param percent 0 to 100
/// @param note one line, cut at 200 characters
public record Progress(int percent, String note) {
  /// Nothing done yet.
  public static final Progress NONE = new Progress(0, "");

  private static final int MAX_NOTE_CHARACTERS = 200;

  public Progress {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("progress is 0 to 100 percent");
    }
    note = Shown.plain(note, MAX_NOTE_CHARACTERS);
  }
}
