package org.ongsung.gateway.files;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// An absolute path at a target: bytes, as a POSIX system has them, of which only `/` and NUL mean
/// anything. Never a path of ours.
///
/// Its [#text] says every byte and can be read back: UTF-8 as it is, any other byte as `%` and two
/// hexadecimal digits, and a `%` that would be taken for one of those as `%25`.
public final class FilePath {
  /// The longest path in bytes, inclusive: `PATH_MAX` of Linux.
  public static final int MAX_BYTES = 4_096;

  private static final String HEX = "0123456789ABCDEF";

  private final byte[] bytes;

  private FilePath(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The path of those bytes.
  ///
  /// @throws IllegalArgumentException when it is not absolute, too long, has a NUL, or has a part
  ///   `.` or `..`
  public static FilePath of(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_BYTES || bytes[0] != '/') {
      throw new IllegalArgumentException("a path begins with / and has at most 4096 bytes");
    }
    ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length);
    int from = 0;
    for (int at = 0; at <= bytes.length; at++) {
      if (at == bytes.length || bytes[at] == '/') {
        if (at > from) {
          byte[] name = Arrays.copyOfRange(bytes, from, at);
          if (!isName(name)) {
            throw new IllegalArgumentException("a path has no parts . and .. and no NUL");
          }
          kept.write('/');
          kept.writeBytes(name);
        }
        from = at + 1;
      }
    }
    return new FilePath(kept.size() == 0 ? new byte[] {'/'} : kept.toByteArray());
  }

  /// Reads back what [#text] said.
  ///
  /// @throws IllegalArgumentException as [#of]
  public static FilePath parse(String text) {
    return of(unescape(text));
  }

  private static byte[] unescape(String text) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    for (int at = 0; at < in.length; at++) {
      if (isEscape(in, at)) {
        out.write(Character.digit(in[at + 1], 16) << 4 | Character.digit(in[at + 2], 16));
        at += 2;
      } else {
        out.write(in[at]);
      }
    }
    return out.toByteArray();
  }

  private static boolean isEscape(byte[] in, int at) {
    return in[at] == '%'
        && at + 2 < in.length
        && Character.digit(in[at + 1], 16) >= 0
        && Character.digit(in[at + 2], 16) >= 0;
  }

  /// Whether `name` can stand in a folder: not empty, not `.` or `..`, no `/` and no NUL.
  public static boolean isName(byte[] name) {
    boolean dots =
        name.length <= 2 && new String(name, StandardCharsets.ISO_8859_1).matches("\\.{0,2}");
    for (byte one : name) {
      if (one == '/' || one == 0) {
        return false;
      }
    }
    return !dots;
  }

  /// What lies in this folder under `name`.
  ///
  /// @throws IllegalArgumentException when that is no name, or the path would be too long
  public FilePath child(byte[] name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("not a name");
    }
    ByteArrayOutputStream joined = new ByteArrayOutputStream(bytes.length + 1 + name.length);
    joined.writeBytes(bytes);
    joined.write('/');
    joined.writeBytes(name);
    return of(joined.toByteArray());
  }

  /// The same with a name as a person typed it.
  public FilePath child(String name) {
    return child(name.getBytes(StandardCharsets.UTF_8));
  }

  /// The folder that it lies in; of `/` itself `/`.
  public FilePath parent() {
    int end = lastSlash();
    return end <= 0 ? new FilePath(new byte[] {'/'}) : new FilePath(Arrays.copyOf(bytes, end));
  }

  public boolean isRoot() {
    return bytes.length == 1;
  }

  /// The last part; of `/` itself `/`.
  public String name() {
    return isRoot() ? "/" : text(Arrays.copyOfRange(bytes, lastSlash() + 1, bytes.length));
  }

  private int lastSlash() {
    int at = bytes.length - 1;
    while (at > 0 && bytes[at] != '/') {
      at--;
    }
    return at;
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /// All of it as text.
  public String text() {
    return text(bytes);
  }

  private static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    while (in.hasRemaining()) {
      CoderResult result = decoder.decode(in, out, true);
      append(text, out.flip());
      out.clear();
      for (int n = result.isError() ? result.length() : 0; n > 0; n--) {
        escape(text, in.get());
      }
      decoder.reset();
    }
    return text.toString();
  }

  private static void append(StringBuilder text, CharBuffer decoded) {
    for (int at = 0; at < decoded.length(); at++) {
      char c = decoded.charAt(at);
      boolean likeEscape =
          c == '%'
              && at + 2 < decoded.length()
              && Character.digit(decoded.charAt(at + 1), 16) >= 0
              && Character.digit(decoded.charAt(at + 2), 16) >= 0;
      if (likeEscape || c < ' ' || c == 0x7F) {
        escape(text, (byte) c);
      } else {
        text.append(c);
      }
    }
  }

  private static void escape(StringBuilder text, byte one) {
    text.append('%').append(HEX.charAt(one >> 4 & 0xF)).append(HEX.charAt(one & 0xF));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FilePath path && Arrays.equals(bytes, path.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// For sorting as people do.
  public String sortKey() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text();
  }
}
