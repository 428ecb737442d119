package org.ongsung.recording;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.util.Arrays;

/// Gathers lines and appends them to a recording as zstd frames (RFC 8878) that stand each for
/// itself, so that a context and its buffers are shared by all sessions and a recording can be read
/// up to any frame.
///
/// For one thread at a time; lent by [RecordingEngine].
final class FrameCompressor implements AutoCloseable {
  // The fastest level: terminals shrink to about an eighth at it, and the loop's cores are scarce.
  private static final int LEVEL = 1;
  private static final int FRAME_BYTES = 128 << 10;

  private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true);
  private byte[] lines = new byte[FRAME_BYTES];
  private byte[] frame = new byte[(int) Zstd.compressBound(FRAME_BYTES)];
  private int length;

  /// Takes whole lines; what does not fit any more goes to `sink` as a frame first.
  void add(byte[] bytes, int offset, int count, RecordingStore.Sink sink) throws IOException {
    if (count > lines.length - length) {
      end(sink);
    }
    if (count > lines.length) {
      lines = Arrays.copyOf(lines, count);
      frame = new byte[(int) Zstd.compressBound(count)];
    }
    System.arraycopy(bytes, offset, lines, length, count);
    length += count;
  }

  /// Appends what was gathered as one frame.
  void end(RecordingStore.Sink sink) throws IOException {
    if (length == 0) {
      return;
    }
    int size = context.compressByteArray(frame, 0, frame.length, lines, 0, length);
    length = 0;
    sink.write(frame, 0, size);
  }

  /// Forgets what was gathered.
  void reset() {
    length = 0;
  }

  @Override
  public void close() {
    context.close();
  }
}
