package org.ongsung.transcript.screen;

/// Tells text from control functions (ECMA-48 chapter 5, and the states of DEC's terminals),
/// resumable at any character. Strings of devices (DCS, SOS, PM, APC) are read to their end and
/// dropped; of operating system commands the first [ScreenLimits#maxSequence] characters are kept.
/// Not for several threads.
final class ControlParser {
  private enum State {
    GROUND,
    ESCAPE,
    ESCAPE_INTERMEDIATE,
    SEQUENCE,
    SEQUENCE_IGNORED,
    COMMAND,
    STRING
  }

  private static final char ESC = 0x1b;

  private final Screen screen;
  private final ScreenLimits limits;
  private final Parameters parameters;
  private final StringBuilder command = new StringBuilder();
  private State state = State.GROUND;
  private State stringState = State.GROUND;
  private char prefix;
  private char intermediate;
  private int length;
  private char high;

  ControlParser(Screen screen, ScreenLimits limits) {
    this.screen = screen;
    this.limits = limits;
    this.parameters = new Parameters(limits.maxParameters());
  }

  void take(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      take(text.charAt(i));
    }
  }

  private void take(char c) {
    if (state == State.COMMAND || state == State.STRING) {
      inString(c);
    } else if (c == ESC) {
      state = State.ESCAPE;
      intermediate = 0;
    } else if (c == 0x18 || c == 0x1a) {
      state = State.GROUND; // CAN and SUB end a sequence
    } else if (c < 0x20) {
      screen.control(c);
    } else if (state == State.GROUND) {
      ground(c);
    } else if (c != 0x7f) {
      inEscape(c);
    }
  }

  private void ground(char c) {
    if (Character.isHighSurrogate(c)) {
      high = c;
    } else if (Character.isLowSurrogate(c)) {
      screen.print(high == 0 ? 0xfffd : Character.toCodePoint(high, c));
      high = 0;
    } else if (c >= 0x80 && c <= 0x9f) {
      control8(c);
    } else if (c != 0x7f) {
      high = 0;
      screen.print(c);
    }
  }

  /// The control characters of the upper half (ECMA-48 section 5.3), which few programs send.
  private void control8(char c) {
    state = State.ESCAPE;
    intermediate = 0;
    inEscape((char) (c - 0x40));
  }

  private void inEscape(char c) {
    switch (state) {
      case ESCAPE -> afterEscape(c);
      case ESCAPE_INTERMEDIATE -> {
        if (c >= 0x30) {
          screen.escape(intermediate, c);
          state = State.GROUND;
        }
      }
      case SEQUENCE -> inSequence(c);
      case SEQUENCE_IGNORED -> {
        if (c >= '@') {
          state = State.GROUND;
        }
      }
      case GROUND, COMMAND, STRING -> {}
    }
  }

  private void afterEscape(char c) {
    switch (c) {
      case '[' -> {
        state = State.SEQUENCE;
        parameters.reset();
        prefix = 0;
        length = 0;
      }
      case ']' -> {
        state = State.COMMAND;
        stringState = State.GROUND;
        command.setLength(0);
      }
      case 'P', 'X', '^', '_' -> {
        state = State.STRING;
        stringState = State.GROUND;
      }
      default -> {
        if (c < 0x30) {
          intermediate = c;
          state = State.ESCAPE_INTERMEDIATE;
        } else {
          state = State.GROUND;
          screen.escape((char) 0, c);
        }
      }
    }
  }

  private void inSequence(char c) {
    if (++length > limits.maxSequence()) {
      state = c >= '@' ? State.GROUND : State.SEQUENCE_IGNORED;
    } else if (c >= '0' && c <= ';') {
      parameters.take(c);
    } else if (c >= '<' && c <= '?') {
      prefix = c;
    } else if (c < '0') {
      intermediate = c;
    } else {
      state = State.GROUND;
      screen.sequence(prefix, parameters, intermediate, c);
    }
  }

  /// Strings end with ST (ESC \), which BEL stands for too; a line feed ends none.
  private void inString(char c) {
    if (stringState == State.ESCAPE) {
      endString();
      if (c != '\\') {
        state = State.ESCAPE;
        intermediate = 0;
        inEscape(c);
      }
    } else if (c == ESC) {
      stringState = State.ESCAPE;
    } else if (c == 0x07 || c == 0x9c) {
      endString();
    } else if (c == 0x18 || c == 0x1a) {
      state = State.GROUND;
    } else if (state == State.COMMAND && command.length() < limits.maxSequence()) {
      command.append(c);
    }
  }

  private void endString() {
    if (state == State.COMMAND) {
      screen.operatingSystemCommand(command);
    }
    state = State.GROUND;
  }
}
