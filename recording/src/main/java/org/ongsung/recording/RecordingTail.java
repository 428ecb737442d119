package org.ongsung.recording;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.InputStream;

/// Reads a recording piece by piece, also while it grows, and holds nothing open in between: what
/// follows many recordings costs memory only for what it keeps itself.
///
/// A recording is a row of zstd frames (RFC 8878) of whole lines; a frame that is cut short, as
/// after a crash or in the middle of a write, is not given until it is whole. For one thread at a
/// time; blocks.
public final class RecordingTail {
  private static final int LEAST_BYTES = 64 << 10;
  // Larger than the longest line of a recording, compressed or not.
  private static final int MAX_FRAME_BYTES = 8 << 20;

  private final RecordingStore store;
  private final RecordingId id;
  private long offset;

  RecordingTail(RecordingStore store, RecordingId id) {
    this.store = store;
    this.id = id;
  }

  /// Takes a piece of the recording's text.
  public interface Taker {
    /// Whole lines.
    void take(byte[] bytes, int offset, int length) throws IOException;
  }

  /// Hands over what was recorded since the last call, at most so much of what lies on disk as
  /// `buffer` holds, which many tails may share.
  ///
  /// @param buffer at least 64 KiB; used within the call only
  /// @return whether there was anything, so that asking again at once may give more
  /// @throws java.nio.file.NoSuchFileException when there is no recording
  public boolean read(byte[] buffer, Taker taker) throws IOException {
    if (buffer.length < LEAST_BYTES) {
      throw new IllegalArgumentException("a buffer has 64 KiB at least");
    }
    int length = fill(buffer);
    int taken = giveFrames(buffer, length, taker);
    if (taken == 0 && length == buffer.length) {
      byte[] larger = new byte[MAX_FRAME_BYTES];
      taken = giveFrames(larger, fill(larger), taker);
    }
    return taken > 0;
  }

  private int fill(byte[] buffer) throws IOException {
    try (InputStream in = store.open(id)) {
      in.skipNBytes(offset);
      int length = 0;
      int read = in.read(buffer, 0, buffer.length);
      while (read > 0) {
        length += read;
        read = length < buffer.length ? in.read(buffer, length, buffer.length - length) : 0;
      }
      return length;
    }
  }

  private int giveFrames(byte[] bytes, int length, Taker taker) throws IOException {
    int at = 0;
    while (at < length) {
      long size = Zstd.findFrameCompressedSize(bytes, at, length - at);
      if (Zstd.isError(size) || size <= 0 || size > length - at) {
        break;
      }
      byte[] text = decompressed(bytes, at, (int) size);
      at += (int) size;
      offset += size;
      taker.take(text, 0, text.length);
    }
    return at;
  }

  private static byte[] decompressed(byte[] bytes, int at, int size) throws IOException {
    long length = Zstd.getFrameContentSize(bytes, at, size);
    if (length < 0 || length > MAX_FRAME_BYTES) {
      throw new IOException("a frame of the recording does not say a fit length");
    }
    byte[] text = new byte[(int) length];
    long given = Zstd.decompressByteArray(text, 0, text.length, bytes, at, size);
    if (Zstd.isError(given) || given != length) {
      throw new IOException("a frame of the recording is damaged");
    }
    return text;
  }
}
