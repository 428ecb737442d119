package org.ongsung.cli.show;

import java.util.regex.Pattern;

/// Terminal output of a stranger made fit for the operator's own terminal: it keeps its looks and
/// loses everything that could do more than draw.
///
/// Kept (ECMA-48, and xterm's control sequences, patch 398): text, line and cursor movement,
/// colours and attributes, erasing, inserting, scrolling, the line-drawing character set, the
/// alternate screen, showing and hiding the cursor, wrapping. Left out: titles, clipboard,
/// hyperlinks and every other OSC; DCS, APC, PM and SOS strings; questions that the terminal would
/// answer into the operator's input; modes that change what keys and mouse send; resets (shown as a
/// clear screen); characters that turn the reading direction. An unknown sequence is left out.
///
/// A sequence may lie in several pieces; at most 64 characters of one are kept, then it is left
/// out. Not for several threads.
public final class TerminalRendering {
  /// Puts a terminal back in order after a rendering that may have ended anywhere.
  public static final String RESET =
      "\u001b[?1049l\u001b[?6l\u001b[?7h\u001b[?25h\u001b[r\u001b(B\u000f\u001b[0m";

  private static final int MAX_SEQUENCE_CHARACTERS = 64;
  private static final char ESCAPE = 0x1b;
  private static final Pattern NUMBERS = Pattern.compile("[0-9;:]*");
  private static final String DRAWING_FINALS = "mABCDEFGHfdae`JKXLMP@STrsub";
  private static final Pattern PRIVATE_MODES =
      Pattern.compile(
          "\\?(?:6|7|12|25|47|1047|1048|1049|2026)(?:;(?:6|7|12|25|47|1047|1048|1049|2026))*");

  private enum State {
    TEXT,
    ESCAPE,
    CHARACTER_SET,
    CONTROL_SEQUENCE,
    STRING,
    STRING_ESCAPE,
    SKIP_ONE
  }

  private State state = State.TEXT;
  private final StringBuilder sequence = new StringBuilder();

  /// What of the next piece may be shown.
  public String render(String piece) {
    StringBuilder out = new StringBuilder(piece.length());
    for (int i = 0; i < piece.length(); i++) {
      next(piece.charAt(i), out);
    }
    return out.toString();
  }

  private void next(char c, StringBuilder out) {
    if (c == 0x18 || c == 0x1a) { // CAN and SUB end any sequence
      state = State.TEXT;
      return;
    }
    switch (state) {
      case TEXT -> text(c, out);
      case ESCAPE -> escape(c, out);
      case CHARACTER_SET -> {
        if (c == 'B' || c == '0') {
          out.append(ESCAPE).append(sequence).append(c);
        }
        state = State.TEXT;
      }
      case CONTROL_SEQUENCE -> controlSequence(c, out);
      case STRING -> string(c);
      case STRING_ESCAPE -> stringEscape(c, out);
      case SKIP_ONE -> state = State.TEXT;
    }
  }

  private void text(char c, StringBuilder out) {
    switch (c) {
      case ESCAPE -> state = State.ESCAPE;
      case '\n', '\r', '\t', '\b', 0x0b, 0x0c, 0x0e, 0x0f -> out.append(c);
      case 0x9b -> begin(State.CONTROL_SEQUENCE);
      case 0x90, 0x98, 0x9d, 0x9e, 0x9f -> begin(State.STRING);
      default -> {
        if (isShown(c)) {
          out.append(c);
        }
      }
    }
  }

  private static boolean isShown(char c) {
    if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) {
      return false;
    }
    boolean turns =
        (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
    return !turns && c != 0x2028 && c != 0x2029 && c != 0x061c;
  }

  private void begin(State next) {
    state = next;
    sequence.setLength(0);
  }

  private void escape(char c, StringBuilder out) {
    switch (c) {
      case '[' -> begin(State.CONTROL_SEQUENCE);
      case ']', 'P', 'X', '^', '_', 'k' -> begin(State.STRING);
      case '(', ')' -> {
        begin(State.CHARACTER_SET);
        sequence.append(c);
      }
      case '7', '8', 'D', 'E', 'M' -> {
        out.append(ESCAPE).append(c);
        state = State.TEXT;
      }
      case 'c' -> {
        out.append("\u001b[0m\u001b[r\u001b[H\u001b[2J");
        state = State.TEXT;
      }
      case ' ', '#', '%', '*', '+', '-', '.', '/', 'N', 'O' -> state = State.SKIP_ONE;
      case ESCAPE -> state = State.ESCAPE;
      default -> state = State.TEXT;
    }
  }

  private void controlSequence(char c, StringBuilder out) {
    if (c == ESCAPE) {
      state = State.ESCAPE;
    } else if (c < 0x20) {
      text(c, out); // a terminal obeys control characters inside a sequence at once
      state = State.CONTROL_SEQUENCE;
    } else if (c < 0x40) {
      if (sequence.length() <= MAX_SEQUENCE_CHARACTERS) {
        sequence.append(c);
      }
    } else {
      if (c < 0x7f && mayDraw(sequence, c)) {
        out.append(ESCAPE).append('[').append(sequence).append(c);
      }
      state = State.TEXT;
    }
  }

  private static boolean mayDraw(CharSequence parameters, char last) {
    if (parameters.length() > MAX_SEQUENCE_CHARACTERS) {
      return false;
    }
    if (last == 'h' || last == 'l') {
      return PRIVATE_MODES.matcher(parameters).matches() || parameters.toString().equals("4");
    }
    if (last == 'J' && parameters.toString().contains("3")) {
      return false; // would erase what the operator's own terminal scrolled away
    }
    return DRAWING_FINALS.indexOf(last) >= 0 && NUMBERS.matcher(parameters).matches();
  }

  private void string(char c) {
    switch (c) {
      case 0x07, 0x9c -> state = State.TEXT;
      case ESCAPE -> state = State.STRING_ESCAPE;
      default -> {} // left out
    }
  }

  private void stringEscape(char c, StringBuilder out) {
    if (c == '\\') {
      state = State.TEXT;
    } else {
      // An ESC inside a string ends it and starts the next sequence, as in a terminal.
      escape(c, out);
    }
  }
}
