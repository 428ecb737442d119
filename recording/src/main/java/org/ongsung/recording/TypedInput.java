package org.ongsung.recording;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.ongsung.wire.text.Utf8Decoder;

/// Decides which of the typed characters a recording may keep: those that the target echoed.
///
/// Gateways do not see the terminal's ECHO flag on the target; all there is, is what comes back.
/// Typed text is held a line at a time (a line ends with Enter, Escape, or one of Ctrl-C, -D, -Z
/// and -\) and kept only if the target showed *every* printable character of it, in order. Else the
/// whole line becomes [#MARK], and what was typed leaves memory. Keys that print nothing (Enter,
/// Tab, arrows, function keys, Alt with a key, Backspace on an empty line) are kept as they are.
///
/// A character counts as shown when output after it
///
/// - begins with it, or begins with a piece of the current row, as line editors redraw it, and goes
///   on with it; escape sequences do not count; or
/// - holds the whole line, or at least four characters that were still missing, in one piece, once
///   its end was typed. Text that can be found so stands in the recording anyway.
///
/// Output that does neither while a character waits is a strike against the line; four strikes hide
/// it. So chatter on a terminal with a password prompt does not echo a password by chance.
///
/// Limits, on purpose on the side of hiding: keys that work without echo (commands of vi, of pagers
/// and menus), passwords shown as stars, input that a program shows later than [RecorderLimits]
/// allows or rearranges, and lines typed while other output runs are hidden though they are no
/// secret. A secret typed where the target echoes, or into a command line, is kept, as the output
/// shows it too. A single character at a prompt without echo is kept if the next output happens to
/// begin with it.
///
/// One thread at a time.
final class TypedInput {
  /// What stands for text that was not echoed.
  static final String MARK = "[hidden input]";

  // Longer than the pieces of one paste are apart, shorter than a person takes to read an answer.
  private static final long ANSWERED_NANOS = 200_000_000;
  private static final int MAX_STRIKES = 4;
  private static final int MAX_SEQUENCE = 64;
  private static final int CERTAIN_CHARACTERS = 4;

  /// What was typed between two line ends.
  private static final class Line {
    final StringBuilder text = new StringBuilder();
    final StringBuilder printable = new StringBuilder();
    int shown;
    int strikes;
    boolean hidden;
    boolean ended;
    boolean outputMovedOn;
    boolean answered;
    long touchedNanos;

    boolean waits() {
      return !hidden && shown < printable.length();
    }

    void hide() {
      hidden = true;
      wipe(text);
      wipe(printable);
      shown = 0;
    }

    private static void wipe(StringBuilder secret) {
      for (int i = 0; i < secret.length(); i++) {
        secret.setCharAt(i, '\0');
      }
      secret.setLength(0);
    }
  }

  private final int maxHeld;
  private final long timeoutNanos;
  private final Consumer<String> keep;
  private final Utf8Decoder decoder = new Utf8Decoder();
  private final ShownText screen = new ShownText();
  private final ArrayDeque<Line> lines = new ArrayDeque<>(2);
  private boolean everHidden;

  /// @param keep takes what the recording keeps, at the moment of the call
  TypedInput(int maxHeld, long timeoutNanos, Consumer<String> keep) {
    this.maxHeld = maxHeld;
    this.timeoutNanos = timeoutNanos;
    this.keep = keep;
  }

  /// Whether anything was hidden so far.
  boolean everHidden() {
    return everHidden;
  }

  /// How many sequences that were not UTF-8 were replaced.
  long replacements() {
    return decoder.replacements();
  }

  /// Whether characters wait for their echo or the clock.
  boolean waits() {
    Line front = lines.peekFirst();
    return front != null && (front.ended || front.waits());
  }

  /// The person typed.
  void typed(long nanos, byte[] bytes, int offset, int length) {
    giveUpAnswered(nanos);
    StringBuilder text = new StringBuilder(length);
    decoder.decode(bytes, offset, length, text);
    boolean altKey = text.length() == 2 && text.charAt(0) == '\u001b' && text.charAt(1) >= ' ';
    for (int at = 0; at < text.length(); ) {
      char c = text.charAt(at);
      int sequence = altKey ? 2 : sequenceAt(text, at);
      if (sequence > 0) {
        key(nanos, text.substring(at, at + sequence), false);
        at += sequence;
      } else if (c < ' ' || c == 0x7f) {
        key(nanos, String.valueOf(c), endsLine(c));
        at++;
      } else {
        character(nanos, c);
        at++;
      }
    }
    Line.wipe(text);
    holdNoMoreThanAllowed();
  }

  /// Whoever types on after an answer has left the line behind: what was not echoed by then is
  /// hidden now, so that the next line is compared with its own echo.
  private void giveUpAnswered(long nanos) {
    Line front = lines.peekFirst();
    if (front != null
        && front.ended
        && front.answered
        && front.waits()
        && nanos - front.touchedNanos >= ANSWERED_NANOS) {
      hide(front);
      decideFront(nanos);
    }
  }

  /// How long the key sequence (CSI or SS3 of ECMA-48) that begins there is; 0 for none.
  private static int sequenceAt(StringBuilder text, int at) {
    if (text.charAt(at) != '\u001b' || at + 2 >= text.length()) {
      return 0;
    }
    char kind = text.charAt(at + 1);
    if (kind == 'O') {
      return isBetween(text.charAt(at + 2), '@', '~') ? 3 : 0;
    }
    if (kind != '[') {
      return 0;
    }
    int end = Math.min(text.length(), at + MAX_SEQUENCE);
    for (int i = at + 2; i < end; i++) {
      char c = text.charAt(i);
      if (isBetween(c, '@', '~')) {
        return i + 1 - at;
      }
      if (!isBetween(c, ' ', '?')) {
        return 0;
      }
    }
    return 0;
  }

  private static boolean isBetween(char c, char lowest, char highest) {
    return c >= lowest && c <= highest;
  }

  private static boolean endsLine(char c) {
    return switch (c) {
      case '\r', '\n', '\u0003', '\u0004', '\u001a', '\u001b', '\u001c' -> true;
      default -> false;
    };
  }

  private void character(long nanos, char c) {
    Line line = openLine(nanos);
    if (!line.hidden) {
      line.text.append(c);
      line.printable.append(c);
    }
  }

  private void key(long nanos, String key, boolean ends) {
    Line line = openLine(nanos);
    boolean nothingPrinted = line.printable.isEmpty() && !line.hidden;
    if (nothingPrinted && lines.size() == 1) {
      keep.accept(key);
      if (ends) {
        lines.clear();
      }
      return;
    }
    if (!line.hidden || ends) {
      line.text.append(key);
    }
    if (ends) {
      line.ended = true;
      decideFront(nanos);
    }
  }

  private Line openLine(long nanos) {
    Line line = lines.peekLast();
    if (line == null || line.ended) {
      line = new Line();
      lines.addLast(line);
    }
    line.touchedNanos = nanos;
    return line;
  }

  /// The target wrote.
  void shown(long nanos, byte[] bytes, int offset, int length) {
    Line front = lines.peekFirst();
    boolean compared = front != null && front.waits();
    screen.take(bytes, offset, length, compared ? piece -> compare(nanos, piece) : null);
    if (front != null && front.ended) {
      front.answered = true;
    }
    decideFront(nanos);
  }

  private void compare(long nanos, ShownText.Piece piece) {
    Line line = lines.peekFirst();
    if (line == null || line.hidden) {
      return;
    }
    if (line.waits()) {
      boolean progress = !line.outputMovedOn && piece.startsOutput() && matchStart(line, piece);
      if (line.waits() && line.ended) {
        progress |= matchWhole(line, piece);
      }
      if (line.waits() && !progress && !piece.isRedraw()) {
        strike(line);
      }
    }
    if (piece.endsRow() && line.ended && line.waits()) {
      if (line.shown > 0) {
        hide(line);
      } else {
        line.outputMovedOn = true;
      }
    }
    decideFront(nanos);
  }

  private void strike(Line line) {
    // Once its end was typed and rows go by, only the whole line in one piece can still be found.
    if (!line.outputMovedOn && ++line.strikes >= MAX_STRIKES) {
      hide(line);
    }
  }

  private boolean matchStart(Line line, ShownText.Piece piece) {
    int from = 0;
    boolean progress = false;
    while (line.waits()) {
      int[] best = piece.bestMatch(from, line.printable, line.shown);
      if (best[1] == 0) {
        return progress;
      }
      line.shown += best[1];
      from = best[0] + best[1];
      progress = true;
    }
    return progress;
  }

  private boolean matchWhole(Line line, ShownText.Piece piece) {
    String rest = line.printable.substring(line.shown);
    boolean certain =
        rest.length() >= CERTAIN_CHARACTERS
            || (line.shown == 0 && rest.length() >= 2 && piece.endsRow());
    boolean found = certain && piece.text().endsWith(rest);
    if (found) {
      line.shown = line.printable.length();
    }
    return found;
  }

  private void hide(Line line) {
    String end =
        line.ended ? line.text.substring(line.text.length() - 1) : ""; // the key that ended it
    line.hide();
    line.text.append(end);
    everHidden = true;
  }

  /// Lets lines go whose fate is known.
  private void decideFront(long nanos) {
    for (Line line = lines.peekFirst(); line != null; line = lines.peekFirst()) {
      if (line.waits() && nanos - line.touchedNanos >= timeoutNanos) {
        hide(line);
      }
      if (!line.ended || line.waits()) {
        return;
      }
      emit(line);
      lines.removeFirst();
    }
  }

  private void emit(Line line) {
    keep.accept(line.hidden ? MARK + line.text : line.text.toString());
  }

  private void holdNoMoreThanAllowed() {
    int held = 0;
    for (Line line : lines) {
      held += line.text.length();
    }
    while (held > maxHeld) {
      Line line = lines.getFirst();
      held -= line.text.length();
      if (line.waits()) {
        hide(line);
      }
      emit(line);
      lines.removeFirst();
    }
  }

  /// Time went by.
  void tick(long nanos) {
    decideFront(nanos);
  }

  /// Nothing more comes: what was not shown is hidden.
  void finish() {
    for (Line line : lines) {
      if (line.waits()) {
        hide(line);
      }
      if (line.hidden || !line.text.isEmpty()) {
        keep.accept(line.hidden ? MARK + line.text : line.text.toString());
      }
    }
    lines.clear();
  }
}
