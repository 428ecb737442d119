package org.ongsung.fastcgi.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Name-value pairs (section 3.4): for each, `name length | value length | name | value`, where a
/// length up to 127 takes one byte and a longer one four with the highest bit set.
public final class NameValues {
  private static final int ONE_BYTE_LENGTH = 127;

  private NameValues() {}

  /// What a whole stream of pairs held.
  public sealed interface Decoding {}

  /// All pairs.
  ///
  /// @param pairs in the order in which they came
  public record Decoded(List<NameValue> pairs) implements Decoding {
    public Decoded {
      pairs = List.copyOf(pairs);
    }
  }

  /// There are more pairs than may be.
  public record TooMany() implements Decoding {}

  /// The stream ends within a pair.
  public record CutShort() implements Decoding {}

  /// Reads all of `stream`.
  ///
  /// @param most how many pairs there may be
  public static Decoding decode(ByteBuffer stream, int most) {
    List<NameValue> pairs = new ArrayList<>(32);
    while (stream.hasRemaining()) {
      if (pairs.size() == most) {
        return new TooMany();
      }
      long nameLength = length(stream);
      long valueLength = nameLength < 0 ? -1 : length(stream);
      if (valueLength < 0 || nameLength + valueLength > stream.remaining()) {
        return new CutShort();
      }
      pairs.add(new NameValue(text(stream, (int) nameLength), text(stream, (int) valueLength)));
    }
    return new Decoded(pairs);
  }

  /// The bytes of `pairs`, one after the other.
  public static byte[] encode(List<NameValue> pairs) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    for (NameValue pair : pairs) {
      byte[] name = pair.name().getBytes(StandardCharsets.ISO_8859_1);
      byte[] value = pair.value().getBytes(StandardCharsets.ISO_8859_1);
      length(name.length, out);
      length(value.length, out);
      out.writeBytes(name);
      out.writeBytes(value);
    }
    return out.toByteArray();
  }

  /// @return -1 when the stream ends within it
  private static long length(ByteBuffer stream) {
    if (!stream.hasRemaining()) {
      return -1;
    }
    int first = stream.get() & 0xff;
    if (first <= ONE_BYTE_LENGTH) {
      return first;
    }
    if (stream.remaining() < 3) {
      return -1;
    }
    return ((first & 0x7fL) << 24)
        | ((stream.get() & 0xff) << 16)
        | ((stream.get() & 0xff) << 8)
        | (stream.get() & 0xff);
  }

  private static void length(int length, ByteArrayOutputStream out) {
    if (length <= ONE_BYTE_LENGTH) {
      out.write(length);
    } else {
      out.write((length >> 24) | 0x80);
      out.write(length >> 16);
      out.write(length >> 8);
      out.write(length);
    }
  }

  private static String text(ByteBuffer stream, int length) {
    byte[] bytes = new byte[length];
    stream.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
