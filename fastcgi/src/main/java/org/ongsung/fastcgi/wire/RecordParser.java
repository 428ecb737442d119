package org.ongsung.fastcgi.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads records from bytes that arrive in any pieces. It stops after each piece of content, so
/// that its caller can rest at any byte and come back. Not for several threads at once.
public final class RecordParser {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private enum State {
    HEADER,
    CONTENT,
    PADDING,
    MALFORMED
  }

  private final byte[] head = new byte[RecordHeader.BYTES];
  private State state = State.HEADER;
  private int headLength;
  private @Nullable RecordHeader header;
  private int contentLeft;
  private int paddingLeft;
  private Parsed.@Nullable Malformed malformed;

  /// The next step; takes from `input` what it used.
  public Parsed next(ByteBuffer input) {
    while (true) {
      switch (state) {
        case HEADER -> {
          if (!readHeader(input)) {
            return Parsed.NeedInput.INSTANCE;
          }
        }
        case CONTENT -> {
          if (contentLeft > 0 && !input.hasRemaining()) {
            return Parsed.NeedInput.INSTANCE;
          }
          return content(input);
        }
        case PADDING -> {
          if (!skipPadding(input)) {
            return Parsed.NeedInput.INSTANCE;
          }
        }
        case MALFORMED -> {
          return java.util.Objects.requireNonNull(malformed);
        }
      }
    }
  }

  /// Whether it stands between two records, where a peer may hang up.
  public boolean atRecordStart() {
    return state == State.HEADER && headLength == 0;
  }

  private boolean readHeader(ByteBuffer input) {
    while (headLength < head.length && input.hasRemaining()) {
      head[headLength++] = input.get();
    }
    if (headLength > 0 && head[0] != RecordHeader.VERSION) {
      malformed =
          new Parsed.Malformed(
              "a record starts with byte 0x%02x where version 1 belongs".formatted(head[0]));
      state = State.MALFORMED;
      return true;
    }
    if (headLength < head.length) {
      return false;
    }
    header =
        new RecordHeader(
            head[1] & 0xff,
            ((head[2] & 0xff) << 8) | (head[3] & 0xff),
            ((head[4] & 0xff) << 8) | (head[5] & 0xff),
            head[6] & 0xff);
    headLength = 0;
    contentLeft = header.contentLength();
    paddingLeft = header.paddingLength();
    state = State.CONTENT;
    return true;
  }

  private Parsed content(ByteBuffer input) {
    RecordHeader of = java.util.Objects.requireNonNull(header);
    int length = Math.min(contentLeft, input.remaining());
    ByteBuffer piece = length == 0 ? EMPTY : input.slice(input.position(), length);
    input.position(input.position() + length);
    contentLeft -= length;
    if (contentLeft == 0) {
      state = paddingLeft == 0 ? State.HEADER : State.PADDING;
    }
    return new Parsed.Fragment(of, piece, contentLeft == 0);
  }

  private boolean skipPadding(ByteBuffer input) {
    int length = Math.min(paddingLeft, input.remaining());
    input.position(input.position() + length);
    paddingLeft -= length;
    if (paddingLeft > 0) {
      return false;
    }
    state = State.HEADER;
    return true;
  }
}
