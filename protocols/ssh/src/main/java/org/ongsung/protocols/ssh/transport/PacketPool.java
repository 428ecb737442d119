package org.ongsung.protocols.ssh.transport;

import java.util.ArrayDeque;
import org.apache.sshd.common.session.helpers.PacketBuffer;
import org.jspecify.annotations.Nullable;

/// Arrays for large outgoing packets, used again once the kernel has taken their bytes: a fresh
/// array for each packet of a bulk transfer would be zeroed, filled once and collected, which costs
/// more than the encryption.
///
/// One for each loop, shared by its sessions; the last given back is the next taken, while the
/// processor's cache still has it. Holds at most [#KEPT] arrays of [#ARRAY_BYTES]. What is in them
/// went out encrypted.
///
/// Threads: the loop's alone.
final class PacketPool {
  /// A packet of 32 KiB, the most that OpenSSH sends in one, and what SSH adds to it.
  static final int ARRAY_BYTES = 33 * 1024;

  /// The most arrays that wait to be used again: two batches of writes and of reads.
  static final int KEPT = 32;

  /// Smaller packets get an array of their own size, so that a queue of them stays small.
  private static final int SMALLEST_BYTES = 8 * 1024;

  /// The most that MINA adds to a payload: length, padding, tag, MAC and spare.
  private static final int MOST_ADDED_BYTES = 512;

  private final ArrayDeque<byte[]> free = new ArrayDeque<>(KEPT);

  /// A packet whose array comes from the pool and goes back there.
  static final class Pooled extends PacketBuffer {
    private final PacketPool pool;
    private byte @Nullable [] lent;

    private Pooled(PacketPool pool, byte[] array) {
      super(array, false);
      this.pool = pool;
      this.lent = array;
    }

    /// Nobody looks at the packet any more. On the loop.
    void giveBack() {
      byte[] array = lent;
      lent = null;
      if (array != null && pool.free.size() < KEPT) {
        pool.free.push(array);
      }
    }
  }

  /// A packet with room for a payload of `bytes`, or null when it is none for the pool. On the
  /// loop.
  @Nullable Pooled packet(int bytes) {
    if (bytes < SMALLEST_BYTES || bytes > ARRAY_BYTES - MOST_ADDED_BYTES) {
      return null;
    }
    byte[] array = free.poll();
    return new Pooled(this, array == null ? new byte[ARRAY_BYTES] : array);
  }

  /// How many arrays wait to be used again.
  int free() {
    return free.size();
  }
}
