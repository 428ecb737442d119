package org.ongsung.recording;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ongsung.wire.text.Utf8Decoder;

/// What of a terminal's output is text, for the comparison with what was typed: no escape sequences
/// (ECMA-48), no control characters, cut at line feeds; and the end of the current row.
///
/// The row is not what a screen shows, only what was written since the last line feed; it serves to
/// tell a line editor's redrawing from other output. One thread at a time.
final class ShownText {
  private static final int MAX_ROW = 512;
  // Nothing typed is looked for further into one output than this.
  private static final int MAX_COMPARED = 4_096;

  private static final int MAX_TAKEN = 64 << 10;

  private enum State {
    TEXT,
    ESCAPE,
    ESCAPE_MORE,
    CONTROL_SEQUENCE,
    STRING,
    STRING_ESCAPE
  }

  private final Utf8Decoder decoder = new Utf8Decoder();
  private final StringBuilder row = new StringBuilder();
  private State state = State.TEXT;
  private char before;
  private boolean erasing;

  /// Text between two line feeds, or a cut of the output.
  ///
  /// @param text without escape sequences and control characters
  /// @param row what was written on the row before it
  /// @param startsOutput whether it is the first of one output
  /// @param endsRow whether a line feed follows
  record Piece(String text, String row, boolean startsOutput, boolean endsRow) {
    /// Whether nothing new stands in it: it is empty or a piece of the row.
    boolean isRedraw() {
      return text.isBlank() || row.contains(text);
    }

    /// Where `typed` goes on best: after the prefix, from `from`, that repeats a piece of the row
    /// or of this text before `from`.
    ///
    /// @return where the match begins and how many characters match; 0 for none
    int[] bestMatch(int from, CharSequence typed, int typedFrom) {
      String known = row + text.substring(0, from);
      int[] best = {from, 0};
      for (int at = from; at < text.length(); at++) {
        if (at > from && !known.contains(text.substring(from, at))) {
          break;
        }
        int length = common(at, typed, typedFrom);
        if (length > best[1]) {
          best = new int[] {at, length};
        }
      }
      return best;
    }

    private int common(int at, CharSequence typed, int typedFrom) {
      int most = Math.min(text.length() - at, typed.length() - typedFrom);
      int length = 0;
      while (length < most && text.charAt(at + length) == typed.charAt(typedFrom + length)) {
        length++;
      }
      return length;
    }
  }

  /// Takes output and gives its pieces to `pieces`; without one only the row is kept up.
  void take(byte[] bytes, int offset, int length, @Nullable Consumer<Piece> pieces) {
    // The row needs the last of it only; escape sequences may begin a little before.
    int wanted = pieces == null ? 2 * MAX_ROW : MAX_TAKEN;
    int skipped = Math.max(0, length - wanted);
    if (skipped > 0) {
      state = State.TEXT;
      row.setLength(0);
    }
    StringBuilder text = new StringBuilder(Math.min(length, 256));
    StringBuilder decoded = new StringBuilder(length - skipped);
    decoder.decode(bytes, offset + skipped, length - skipped, decoded);
    boolean starts = true;
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      if (state == State.TEXT && c == '\n') {
        piece(text, starts, true, pieces);
        row.setLength(0);
        text.setLength(0);
        starts = false;
      } else {
        character(c, text);
      }
    }
    if (!text.isEmpty()) {
      piece(text, starts, false, pieces);
      row.append(text);
      if (row.length() > MAX_ROW) {
        row.delete(0, row.length() - MAX_ROW);
      }
    }
  }

  private void piece(
      StringBuilder text, boolean starts, boolean ends, @Nullable Consumer<Piece> pieces) {
    if (pieces != null) {
      String compared = text.substring(0, Math.min(text.length(), MAX_COMPARED));
      pieces.accept(new Piece(compared, row.toString(), starts, ends));
    }
  }

  private void character(char c, StringBuilder text) {
    switch (state) {
      case TEXT -> text(c, text);
      case ESCAPE ->
          state =
              switch (c) {
                case '[' -> State.CONTROL_SEQUENCE;
                case ']', 'P', 'X', '^', '_' -> State.STRING;
                default -> c >= ' ' && c <= '/' ? State.ESCAPE_MORE : State.TEXT;
              };
      case ESCAPE_MORE -> state = c >= ' ' && c <= '/' ? State.ESCAPE_MORE : State.TEXT;
      case CONTROL_SEQUENCE -> {
        if (c >= '@' || c < ' ') {
          state = c == '\u001b' ? State.ESCAPE : State.TEXT;
        }
      }
      case STRING -> {
        if (c == '\u0007') {
          state = State.TEXT;
        } else if (c == '\u001b') {
          state = State.STRING_ESCAPE;
        }
      }
      case STRING_ESCAPE -> state = c == '\\' ? State.TEXT : State.STRING;
    }
  }

  private void text(char c, StringBuilder text) {
    if (c == '\u001b') {
      state = State.ESCAPE;
    } else if (c == '\b' && erasing) {
      // Backspace, space, backspace is how a terminal erases a character; the space is no text.
      text.setLength(Math.max(0, text.length() - 1));
    } else if (c >= ' ' && c != 0x7f && !(c >= 0x80 && c <= 0x9f)) {
      text.append(c);
    }
    erasing = c == ' ' && before == '\b';
    before = c;
  }
}
