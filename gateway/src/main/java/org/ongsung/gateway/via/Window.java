package org.ongsung.gateway.via;

/// The bytes of a stream that are still needed, by their place in the stream: at most so many, and
/// memory for as many as there are. Not for several threads.
final class Window {
  private static final int SMALLEST = 1_024;
  private static final byte[] NOTHING = {};

  private final int most;
  private byte[] ring = NOTHING;
  private long start;
  private int length;

  /// @param most bytes kept at once, inclusive
  Window(int most) {
    this.most = most;
  }

  /// The place of the first byte kept.
  long start() {
    return start;
  }

  /// The place behind the last byte kept.
  long end() {
    return start + length;
  }

  int length() {
    return length;
  }

  int room() {
    return most - length;
  }

  /// Appends `count` bytes, for which there must be room.
  void add(byte[] bytes, int offset, int count) {
    if (count > room()) {
      throw new IllegalArgumentException("no room for " + count + " bytes");
    }
    grow(length + count);
    int at = ring.length == 0 ? 0 : (int) ((start + length) % ring.length);
    int first = Math.min(count, ring.length - at);
    System.arraycopy(bytes, offset, ring, at, first);
    System.arraycopy(bytes, offset + first, ring, 0, count - first);
    length += count;
  }

  /// Copies what is kept from `from` on.
  ///
  /// @return how many bytes were copied
  int copy(long from, byte[] into, int offset, int most) {
    int count = (int) Math.min(most, end() - from);
    if (count <= 0) {
      return 0;
    }
    int at = (int) (from % ring.length);
    int first = Math.min(count, ring.length - at);
    System.arraycopy(ring, at, into, offset, first);
    System.arraycopy(ring, 0, into, offset + first, count - first);
    return count;
  }

  /// Forgets what stands before `to`, which is within what is kept or at its end.
  void dropTo(long to) {
    length -= (int) (to - start);
    start = to;
    if (length == 0 && ring.length > SMALLEST) {
      ring = NOTHING;
    }
  }

  private void grow(int needed) {
    if (needed <= ring.length) {
      return;
    }
    int size = Math.max(SMALLEST, ring.length);
    while (size < needed) {
      size = (int) Math.min(2L * size, Math.max(SMALLEST, most));
    }
    byte[] larger = new byte[size];
    int kept = length;
    if (kept > 0) {
      byte[] all = new byte[kept];
      copy(start, all, 0, kept);
      int at = (int) (start % size);
      int first = Math.min(kept, size - at);
      System.arraycopy(all, 0, larger, at, first);
      System.arraycopy(all, first, larger, 0, kept - first);
    }
    ring = larger;
  }
}
