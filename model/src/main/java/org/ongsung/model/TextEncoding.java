package org.ongsung.model;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// How a target writes text on its terminals. People's terminals and all records are UTF-8.
public enum TextEncoding {
  UTF_8("utf-8", StandardCharsets.UTF_8),
  /// KS X 1001 in the form of KS X 2901: 2,350 syllables.
  EUC_KR("euc-kr", Charset.forName("EUC-KR")),
  /// Microsoft's code page 949, which has all 11,172 syllables and EUC-KR within.
  CP949("cp949", Charset.forName("x-windows-949"));

  private final String text;
  private final Charset charset;

  TextEncoding(String text, Charset charset) {
    this.text = text;
    this.charset = charset;
  }

  /// The word in access files.
  public String text() {
    return text;
  }

  public Charset charset() {
    return charset;
  }

  /// The encoding of that word.
  ///
  /// @throws IllegalArgumentException when there is none
  public static TextEncoding of(String text) {
    for (TextEncoding encoding : values()) {
      if (encoding.text.equals(text)) {
        return encoding;
      }
    }
    throw new IllegalArgumentException("no such encoding: " + Shown.quoted(text));
  }
}
