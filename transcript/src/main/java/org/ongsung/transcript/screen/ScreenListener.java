package org.ongsung.transcript.screen;

/// Who reads a screen before something leaves it. Called within [Screen#write].
public interface ScreenListener {
  /// The cursor is about to leave its row downwards, by a line feed.
  void lineFeed();

  /// The first `count` rows of the main screen, or some rows of a part of it, are about to go for
  /// good.
  ///
  /// @param first the first row that goes
  /// @param count how many rows go
  void scrollsOff(int first, int count);

  /// The main screen is about to be erased in more than one row.
  void erases();

  /// The screen is about to change to the alternate one, or back.
  ///
  /// @param alternate whether the alternate one comes
  void changes(boolean alternate);

  /// A shell said where it is (OSC 133): `A` before its prompt, `B` after it, `C` before a
  /// command's output, `D` after it.
  void shellMark(char mark);
}
