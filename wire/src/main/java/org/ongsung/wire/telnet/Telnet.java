package org.ongsung.wire.telnet;

/// The numbers of Telnet: commands (RFC 854) and options (IANA's registry).
public final class Telnet {
  public static final int SE = 240;
  public static final int NOP = 241;

  /// Data Mark: the end of a Synch.
  public static final int DM = 242;

  public static final int BRK = 243;

  /// Interrupt Process.
  public static final int IP = 244;

  /// Abort Output.
  public static final int AO = 245;

  /// Are You There.
  public static final int AYT = 246;

  /// Erase Character.
  public static final int EC = 247;

  /// Erase Line.
  public static final int EL = 248;

  /// Go Ahead.
  public static final int GA = 249;

  public static final int SB = 250;
  public static final int WILL = 251;
  public static final int WONT = 252;
  public static final int DO = 253;
  public static final int DONT = 254;
  public static final int IAC = 255;

  /// End of file, suspend and abort (RFC 1184 section 2.5).
  public static final int EOF = 236;

  public static final int SUSP = 237;
  public static final int ABORT = 238;

  /// Transmit Binary (RFC 856).
  public static final int BINARY = 0;

  /// RFC 857.
  public static final int ECHO = 1;

  /// Suppress Go Ahead (RFC 858).
  public static final int SUPPRESS_GO_AHEAD = 3;

  /// RFC 1091.
  public static final int TERMINAL_TYPE = 24;

  /// RFC 1073.
  public static final int WINDOW_SIZE = 31;

  /// RFC 1079.
  public static final int TERMINAL_SPEED = 32;

  /// RFC 1372.
  public static final int REMOTE_FLOW_CONTROL = 33;

  /// RFC 1184.
  public static final int LINEMODE = 34;

  /// RFC 2941. Never agreed to: what follows could not be recorded.
  public static final int AUTHENTICATION = 37;

  /// RFC 2946. Never agreed to, as [#AUTHENTICATION].
  public static final int ENCRYPT = 38;

  /// RFC 1572.
  public static final int NEW_ENVIRONMENT = 39;

  /// RFC 2066.
  public static final int CHARACTER_SET = 42;

  /// TLS after a plain start. Never agreed to, as [#AUTHENTICATION].
  public static final int START_TLS = 46;

  /// Compression of MUDs, versions 1 to 3. Never agreed to, as [#AUTHENTICATION].
  public static final int COMPRESS = 85;

  public static final int COMPRESS_2 = 86;
  public static final int COMPRESS_3 = 87;

  private Telnet() {}

  /// How many bytes from `at` on stand for themselves in data: none is an IAC or a CR.
  static int plain(byte[] bytes, int at, int end) {
    int to = at;
    while (to < end && bytes[to] != (byte) IAC && bytes[to] != '\r') {
      to++;
    }
    return to - at;
  }
}
