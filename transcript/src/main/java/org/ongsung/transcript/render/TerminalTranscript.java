package org.ongsung.transcript.render;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.recording.Recordings;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.screen.Row;
import org.ongsung.transcript.screen.Screen;
import org.ongsung.transcript.screen.ScreenListener;
import org.ongsung.wire.asciicast.AsciicastDecoder;
import org.ongsung.wire.asciicast.AsciicastEvent;
import org.ongsung.wire.asciicast.AsciicastHeader;
import org.ongsung.wire.asciicast.AsciicastLimits;
import org.ongsung.wire.asciicast.AsciicastListener;

/// The transcript of a terminal, from its asciicast.
///
/// - A typed command is read from the screen when Enter has been answered with a line feed: from
///   the prompt's end, across wrapped rows, as editing, history and completion left it. The
///   prompt's end is what the shell says (OSC 133), or the cursor's place where typing began (the
///   recording's marker), or is found by [Prompts].
/// - Input that was not echoed is a line that says so, and no more.
/// - Output is a line when it cannot be edited any more (it scrolls off, a command begins, the
///   screen is erased) or has stood above the cursor for a while. What is changed there afterwards
///   becomes another line.
/// - A full-screen program is looked at when it is quiet, now and then while it draws, and when it
///   ends; rows that changed and were not there at the look before become lines.
///
/// When lines are made depends on the recording's times alone, never on when it is read.
public final class TerminalTranscript implements Transcript, AsciicastListener {
  private final Lines lines;
  private final RenderLimits limits;
  private final AsciicastDecoder decoder;
  private final Prompts prompts = new Prompts();
  private final TypedLine typed;
  private final StringBuilder carried = new StringBuilder();
  private Set<String> lastSnapshot = new HashSet<>();
  private @Nullable Screen screen;
  private @Nullable Row startRow;
  private int startColumn;
  private boolean entered;
  private long enteredMicros;
  private long lastMicros;
  private long flushedMicros;
  private long snapshotPause;
  private boolean settled;

  public TerminalTranscript(Lines lines, RenderLimits limits) {
    this.lines = lines;
    this.limits = limits;
    this.decoder = new AsciicastDecoder(AsciicastLimits.DEFAULT, this);
    this.typed = new TypedLine(limits.maxTypedCharacters());
    this.snapshotPause = limits.snapshot().toNanos() / 1_000;
  }

  @Override
  public void take(byte[] bytes, int offset, int length) throws IOException {
    decoder.decode(bytes, offset, length);
  }

  @Override
  public void header(AsciicastHeader header) {
    screen = new Screen(header.width(), header.height(), limits.screen(), new Watching());
  }

  private Screen screen() {
    if (screen == null) {
      throw new IllegalStateException("no header came");
    }
    return screen;
  }

  @Override
  public void event(AsciicastEvent event) {
    quiet(event.timeMicros());
    lastMicros = event.timeMicros();
    settled = false;
    keepUp();
    switch (event.code()) {
      case AsciicastEvent.OUTPUT -> screen().write(event.data(), lastMicros);
      case AsciicastEvent.INPUT -> input(event.data());
      case AsciicastEvent.RESIZE -> resize(event.data());
      case AsciicastEvent.MARKER -> {
        if (event.data().equals(Recordings.TYPING_BEGINS)) {
          typingBegins();
        }
      }
      default -> {}
    }
  }

  /// While output goes on without a pause, what is finished is taken now and then.
  private void keepUp() {
    if (screen().isAlternate()) {
      if (lastMicros - flushedMicros >= snapshotPause) {
        snapshot();
        snapshotPause = Math.min(2 * snapshotPause, limits.longestSnapshot().toNanos() / 1_000);
      }
    } else if (lastMicros - flushedMicros >= limits.keepMicros()) {
      takeAboveCursor();
    }
  }

  @Override
  public void quiet(long micros) {
    if (!settled && screen != null && micros - lastMicros >= limits.settleMicros()) {
      settled = true;
      if (screen.isAlternate()) {
        snapshot();
        typedAgain();
      } else {
        resolveEntered();
        takeAboveCursor();
      }
    }
  }

  @Override
  public void finish() {
    if (screen == null) {
      return;
    }
    if (screen.isAlternate()) {
      snapshot();
    } else {
      resolveEntered();
      takeRows(screen.rows());
      flushCarried();
    }
  }

  private void resize(String size) {
    int cross = size.indexOf('x');
    try {
      int columns = Integer.parseInt(size.substring(0, Math.max(0, cross)));
      int rows = Integer.parseInt(size.substring(cross + 1));
      if (screen().isAlternate()) {
        snapshot();
      } else {
        takeAboveCursor();
      }
      screen().resize(columns, rows);
    } catch (NumberFormatException e) {
      // Not a size; the recording is not ours, or damaged. The screen stays as it is.
    }
  }

  private void typingBegins() {
    if (startRow == null && !screen().isAlternate()) {
      startHere();
    }
  }

  private void startHere() {
    startRow = screen().row(screen().cursorRow());
    startColumn = screen().cursorColumn();
  }

  private void typedAgain() {
    snapshotPause = limits.snapshot().toNanos() / 1_000;
  }

  private void input(String data) {
    typedAgain();
    if (screen().isAlternate()) {
      return;
    }
    if (data.startsWith(Recordings.HIDDEN_INPUT)) {
      hidden();
      return;
    }
    char last = data.isEmpty() ? 0 : data.charAt(data.length() - 1);
    if (entered) {
      resolveEntered();
    }
    typed.take(data);
    if (last == '\r' || last == '\n') {
      entered = true;
      enteredMicros = lastMicros;
    } else if (last == 0x03 || last == 0x04 || last == 0x1a || last == 0x1c) {
      forgetTyped();
    }
  }

  private void hidden() {
    resolveEntered();
    takeAboveCursor();
    int from = chainStart(screen().cursorRow());
    String prompt = text(from, 0, screen().cursorRow(), screen().cursorColumn());
    taken(from, screen().cursorRow());
    lines.add(Direction.INPUT, lastMicros, prompt, Recordings.HIDDEN_INPUT);
    forgetTyped();
  }

  private void forgetTyped() {
    entered = false;
    startRow = null;
    typed.clear();
  }

  /// Reads the command that was entered from the screen.
  private void resolveEntered() {
    if (!entered) {
      return;
    }
    int last = screen().cursorRow();
    int first = chainStart(last);
    while (last + 1 < screen().rows() && screen().row(last).wrapped()) {
      last++;
    }
    Row began = startRow;
    int start = began == null ? -1 : screen().indexOf(began);
    Prompts.Split split;
    if (start >= first && start <= last) {
      split =
          new Prompts.Split(
              text(first, 0, start, startColumn).stripTrailing(),
              text(start, startColumn, last, Integer.MAX_VALUE).strip());
      if (split.prompt().isEmpty()) {
        split = prompts.split(split.text(), typed);
      } else {
        prompts.learn(split.prompt());
      }
    } else {
      if (began != null) {
        prompts.learn(began.text(0, startColumn));
      }
      split = prompts.split(text(first, 0, last, Integer.MAX_VALUE), typed);
    }
    add(split, first, last);
    forgetTyped();
  }

  private void add(Prompts.Split split, int first, int last) {
    takeRows(first);
    if (!split.text().isEmpty()) {
      taken(first, last);
      lines.add(Direction.INPUT, enteredMicros, split.prompt(), split.text());
    } else if (prompts.isLast(split.prompt())) {
      taken(first, last); // Enter at a prompt, which is no line
    }
  }

  /// The first row of the line that goes over `row`.
  private int chainStart(int row) {
    int first = row;
    while (first > 0 && screen().row(first - 1).wrapped()) {
      first--;
    }
    return first;
  }

  private String text(int firstRow, int firstColumn, int lastRow, int endColumn) {
    if (firstRow == lastRow) {
      return screen().row(firstRow).text(firstColumn, endColumn);
    }
    StringBuilder text = new StringBuilder();
    text.append(screen().row(firstRow).text(firstColumn, Integer.MAX_VALUE));
    for (int row = firstRow + 1; row < lastRow; row++) {
      text.append(screen().row(row).text(0, Integer.MAX_VALUE));
    }
    return text.append(screen().row(lastRow).text(0, endColumn)).toString();
  }

  private void taken(int first, int last) {
    for (int row = first; row <= last; row++) {
      screen().row(row).taken();
    }
  }

  /// Makes lines of what changed above the cursor's line.
  private void takeAboveCursor() {
    flushedMicros = lastMicros;
    takeRows(chainStart(screen().cursorRow()));
  }

  /// Makes lines of what changed in rows before `end`; a line that goes on beyond is carried.
  private void takeRows(int end) {
    int first = 0;
    while (first < end) {
      int last = first;
      while (last + 1 < screen().rows() && screen().row(last).wrapped()) {
        last++;
      }
      if (last >= end) {
        return;
      }
      takeLine(first, last);
      first = last + 1;
    }
  }

  private void takeLine(int first, int last) {
    boolean changed = first == 0 && !carried.isEmpty();
    long micros = 0;
    for (int row = first; row <= last; row++) {
      changed |= screen().row(row).changed();
      micros = Math.max(micros, screen().row(row).changedMicros());
    }
    if (changed) {
      String text = text(first, 0, last, Integer.MAX_VALUE);
      if (first == 0 && !carried.isEmpty()) {
        text = carried + text;
        carried.setLength(0);
      }
      taken(first, last);
      lines.add(Direction.OUTPUT, micros, "", text);
    }
  }

  private void flushCarried() {
    if (!carried.isEmpty()) {
      String text = carried.toString();
      carried.setLength(0);
      lines.add(Direction.OUTPUT, lastMicros, "", text);
    }
  }

  /// Makes lines of the rows of a full-screen program that changed.
  private void snapshot() {
    flushedMicros = lastMicros;
    Set<String> now = new HashSet<>();
    int first = 0;
    while (first < screen().rows()) {
      int last = first;
      boolean changed = screen().row(first).changed();
      while (last + 1 < screen().rows() && screen().row(last).wrapped()) {
        last++;
        changed |= screen().row(last).changed();
      }
      String text = text(first, 0, last, Integer.MAX_VALUE).stripTrailing();
      now.add(text);
      if (changed) {
        taken(first, last);
        if (!lastSnapshot.contains(text)) {
          lines.add(Direction.SCREEN, lastMicros, "", text);
        }
      }
      first = last + 1;
    }
    lastSnapshot = now;
  }

  /// Reads the screen before something leaves it.
  private final class Watching implements ScreenListener {
    @Override
    public void lineFeed() {
      resolveEntered();
    }

    @Override
    public void scrollsOff(int first, int count) {
      int end = first + count;
      takeRows(end);
      // What is left of them belongs to a line that goes on below.
      int from = chainStart(end - 1);
      if (first == 0 && screen().row(end - 1).wrapped()) {
        carry(from, end - 1);
      }
    }

    private void carry(int first, int last) {
      boolean changed = !carried.isEmpty();
      for (int row = first; row <= last; row++) {
        changed |= screen().row(row).changed();
      }
      if (changed) {
        carried.append(text(first, 0, last, Integer.MAX_VALUE));
        if (carried.length() >= limits.maxTypedCharacters()) {
          flushCarried();
        }
      }
    }

    @Override
    public void erases() {
      int end = screen().rows();
      Row began = startRow;
      int prompt = began == null ? -1 : screen().indexOf(began);
      takeRows(prompt < 0 ? end : chainStart(prompt));
    }

    @Override
    public void changes(boolean alternate) {
      if (alternate) {
        resolveEntered();
        takeAboveCursor();
        lastSnapshot = new HashSet<>();
        typedAgain();
      } else {
        snapshot();
        startRow = null;
      }
    }

    @Override
    public void shellMark(char mark) {
      if (mark == 'B' && !screen().isAlternate()) {
        startHere();
      }
    }
  }
}
