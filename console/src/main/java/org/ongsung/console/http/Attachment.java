package org.ongsung.console.http;

import java.nio.charset.StandardCharsets;

/// `Content-Disposition` of a file to be kept and never shown (RFC 6266, RFC 8187), under a name
/// that somebody else chose.
public final class Attachment {
  private static final int MAX_CHARACTERS = 200;
  private static final String ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~";

  private Attachment() {}

  /// The field's value: in the plain name stands `_` for whatever is not a plain letter, digit or
  /// mark; the other has it all, but for what separates folders or steers terminals.
  public static String named(String name) {
    String kept = name.length() > MAX_CHARACTERS ? cut(name) : name;
    StringBuilder plain = new StringBuilder();
    StringBuilder safe = new StringBuilder();
    kept.codePoints()
        .forEach(
            c -> {
              boolean bad =
                  c < 0x20
                      || (c >= 0x7F && c < 0xA0)
                      || "/\\:*?\"<>|".indexOf(c) >= 0
                      || Character.getType(c) == Character.FORMAT
                      || Character.getType(c) == Character.SURROGATE;
              safe.appendCodePoint(bad ? '_' : c);
              plain.append(!bad && c < 0x7F && c != '%' && c != ';' ? (char) c : '_');
            });
    StringBuilder extended = new StringBuilder();
    for (byte one : safe.toString().getBytes(StandardCharsets.UTF_8)) {
      int c = one & 0xFF;
      if (c < 0x80 && (Character.isLetterOrDigit(c) || ATTRIBUTE_CHARACTERS.indexOf(c) >= 0)) {
        extended.append((char) c);
      } else {
        extended.append('%').append(String.format("%02X", c));
      }
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + extended;
  }

  private static String cut(String name) {
    int from = name.length() - MAX_CHARACTERS; // the end says what kind of file it is
    return name.substring(Character.isLowSurrogate(name.charAt(from)) ? from + 1 : from);
  }
}
