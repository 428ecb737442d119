package org.ongsung.console.terminal;

/// What a terminal has shown, counted from its beginning: a bounded end of it is kept, and always
/// what the browser has not yet said to have seen. Not for several threads.
final class OutputLog {
  private static final int FIRST_BYTES = 4_096;

  private final int most;
  private byte[] ring = new byte[FIRST_BYTES];
  private long start;
  private long end;
  private long seen;

  /// @param most how many bytes are kept, and may wait to be seen, inclusive
  OutputLog(int most) {
    this.most = most;
  }

  /// The first byte that is kept.
  long start() {
    return start;
  }

  /// One past the last byte.
  long end() {
    return end;
  }

  /// How many more bytes there is room for.
  int room() {
    return (int) (most - (end - seen));
  }

  /// Adds what fits into the room.
  ///
  /// @return how many bytes that was
  int append(byte[] bytes, int offset, int length) {
    int taken = Math.min(length, room());
    grow((int) Math.min(most, end - start + taken));
    for (int i = 0; i < taken; i++) {
      ring[(int) ((end + i) % ring.length)] = bytes[offset + i];
    }
    end += taken;
    start = Math.max(start, end - ring.length);
    return taken;
  }

  private void grow(int needed) {
    if (needed <= ring.length) {
      return;
    }
    byte[] larger = new byte[Math.min(most, Math.max(needed, ring.length * 2))];
    for (long at = start; at < end; at++) {
      larger[(int) (at % larger.length)] = ring[(int) (at % ring.length)];
    }
    ring = larger;
  }

  /// The browser has seen everything before `offset`; what cannot be is not believed.
  void seen(long offset) {
    seen = Math.clamp(offset, seen, end);
  }

  /// At most `length` bytes from `from` on, which is kept.
  byte[] read(long from, int length) {
    int size = (int) Math.min(length, end - from);
    byte[] bytes = new byte[size];
    int at = (int) (from % ring.length);
    int first = Math.min(size, ring.length - at);
    System.arraycopy(ring, at, bytes, 0, first);
    System.arraycopy(ring, 0, bytes, first, size - first);
    return bytes;
  }
}
