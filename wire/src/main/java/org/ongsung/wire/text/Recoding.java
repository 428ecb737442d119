package org.ongsung.wire.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/// A stream of text in one encoding, written in another; it never fails.
///
/// Both encodings have ASCII within, as UTF-8, EUC-KR and code page 949 do: escape sequences and
/// control characters pass as they are, and at once. A character whose bytes come in pieces waits
/// for the last of them; nothing else waits. What is no text becomes U+FFFD, and what the other
/// encoding has no word for its question mark; both are counted. A byte that begins a character and
/// is followed by what cannot end it is replaced alone: the control character behind it stays one.
///
/// One stream, one thread at a time.
public final class Recoding {
  private static final char REPLACEMENT = '\uFFFD';

  /// The longest piece of a character, in bytes, with room to spare.
  private static final int MAX_PIECE_BYTES = 8;

  private final CharsetDecoder decoder;
  private final CharsetEncoder encoder;
  private final byte[] piece = new byte[MAX_PIECE_BYTES];
  private int kept;
  private long replacements;

  public Recoding(Charset from, Charset to) {
    decoder =
        from.newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    encoder =
        to.newEncoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /// What can be said of the stream by now, beyond what was said before; perhaps nothing. The array
  /// is the caller's.
  public byte[] recode(byte[] bytes, int offset, int length) {
    if (kept == 0 && isAscii(bytes, offset, length)) {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }
    ByteBuffer in = ByteBuffer.allocate(kept + length);
    in.put(piece, 0, kept).put(bytes, offset, length).flip();
    return recoded(in, false);
  }

  /// Ends the stream: what waits for the rest of its character is no text.
  public byte[] finish() {
    ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(piece, kept));
    byte[] last = recoded(in, true);
    decoder.reset();
    return last;
  }

  /// How many times something was put in the place of what could not be said.
  public long replacements() {
    return replacements;
  }

  private byte[] recoded(ByteBuffer in, boolean ends) {
    // No encoding here has characters of more UTF-16 units than bytes.
    CharBuffer text = CharBuffer.allocate(in.remaining() + 1);
    for (CoderResult result = decoder.decode(in, text, ends);
        result.isError();
        result = decoder.decode(in, text, ends)) {
      in.position(in.position() + result.length());
      text.put(REPLACEMENT);
      replacements++;
    }
    kept = in.remaining();
    in.get(piece, 0, kept);
    return encoded(text.flip());
  }

  private byte[] encoded(CharBuffer text) {
    int most = (int) Math.ceil(text.remaining() * (double) encoder.maxBytesPerChar());
    ByteBuffer out = ByteBuffer.allocate(most);
    encoder.reset();
    for (CoderResult result = encoder.encode(text, out, true);
        result.isError();
        result = encoder.encode(text, out, true)) {
      if (text.get(text.position()) != REPLACEMENT) {
        replacements++; // that one is counted already
      }
      text.position(text.position() + result.length());
      out.put(encoder.replacement());
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static boolean isAscii(byte[] bytes, int offset, int length) {
    int all = 0;
    for (int at = offset; at < offset + length; at++) {
      all |= bytes[at];
    }
    return all >= 0;
  }
}
