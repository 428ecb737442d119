package org.ongsung.transcript.render;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.TranscriptLine;

/// The lines of one channel that were made and not yet written: numbers them, cuts them to their
/// longest, and leaves out what was written before. Not for several threads.
public final class Lines {
  private final Instant openedAt;
  private final RenderLimits limits;
  private final long known;
  private final ArrayDeque<TranscriptLine> made = new ArrayDeque<>();
  private long number;
  private boolean full;

  /// @param openedAt when the channel was opened: the recording's time 0
  /// @param first the number of the first line that will be made
  /// @param known how many lines were written before
  public Lines(Instant openedAt, RenderLimits limits, long first, long known) {
    this.openedAt = openedAt;
    this.limits = limits;
    this.number = first;
    this.known = known;
  }

  /// Takes away at most `most` lines that were made, in order.
  public List<TranscriptLine> taken(int most) {
    List<TranscriptLine> taken = new ArrayList<>(Math.min(most, made.size()));
    while (taken.size() < most && !made.isEmpty()) {
      taken.add(made.removeFirst());
    }
    return taken;
  }

  /// How many lines wait to be taken.
  public int waiting() {
    return made.size();
  }

  /// How many lines there are in all, written or not.
  public long count() {
    return number;
  }

  /// Adds a line, unless it is blank.
  public void add(Direction direction, long micros, String prompt, String text) {
    String clean = clean(text).stripTrailing();
    if (clean.isBlank()) {
      return;
    }
    if (number >= limits.maxLines() && direction != Direction.INPUT) {
      if (!full) {
        full = true;
        put(
            Direction.OUTPUT,
            micros,
            "",
            "[the transcript of the output ends here: too many lines]");
      }
      return;
    }
    int most = TranscriptLine.MAX_TEXT_CHARACTERS;
    for (int at = 0; at < clean.length(); ) {
      int end = Math.min(clean.length(), at + most);
      if (end < clean.length() && Character.isHighSurrogate(clean.charAt(end - 1))) {
        end--;
      }
      String part = clean.substring(at, end);
      if (!part.isBlank()) {
        put(direction, micros, at == 0 ? prompt : "", part);
      }
      at = end;
    }
  }

  private void put(Direction direction, long micros, String prompt, String text) {
    if (number >= known) {
      Instant at = openedAt.plus(Duration.ofNanos(micros * 1_000));
      made.addLast(new TranscriptLine(number, at, direction, end(clean(prompt)), text));
    }
    number++;
  }

  private static String end(String prompt) {
    String text = prompt.stripTrailing();
    int from = Math.max(0, text.length() - TranscriptLine.MAX_PROMPT_CHARACTERS);
    if (from > 0 && Character.isLowSurrogate(text.charAt(from))) {
      from++;
    }
    return text.substring(from);
  }

  /// Without control characters and lone surrogates, which no line may hold.
  private static String clean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        return cleaned(text);
      }
    }
    return text;
  }

  private static String cleaned(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                clean.append('\ufffd');
              } else if (c == '\t') {
                clean.append(' ');
              } else if (!Character.isISOControl(c)) {
                clean.appendCodePoint(c);
              }
            });
    return clean.toString();
  }
}
