package org.ongsung.protocols.ssh.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/// What one session has yet to send: any thread adds, only its loop takes away.
///
/// The loop copies as many packets as fit into its shared direct buffer and gives them to the
/// kernel in one write.
final class WriteQueue {

  /// A packet on its way out; without bytes, the end of output.
  static final class Pending extends AbstractIoWriteFuture {

    private final @Nullable ByteBuffer bytes;
    private final PacketPool.@Nullable Pooled pooled;

    Pending(Object id, @Nullable Buffer packet) {
      super(id, null);
      this.bytes =
          packet == null
              ? null
              : ByteBuffer.wrap(packet.array(), packet.rpos(), packet.available());
      this.pooled = packet instanceof PacketPool.Pooled ofPool ? ofPool : null;
    }

    private int left() {
      return bytes == null ? 0 : bytes.remaining();
    }

    private void gone() {
      setValue(true);
      if (pooled != null) {
        pooled.giveBack();
      }
    }
  }

  /// How far a flush came.
  enum Flushed {
    /// Nothing waits any more.
    ALL,
    /// The kernel takes no more for now.
    KERNEL_FULL,
    /// The session had its share of this turn.
    SHARE_USED
  }

  private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private long written;

  /// Adds a packet and gives the bytes that wait then.
  long add(Pending pending) {
    long waiting = bytes.addAndGet(pending.left());
    queue.add(pending);
    return waiting;
  }

  /// Bytes that the kernel has not taken yet.
  long bytes() {
    return bytes.get();
  }

  /// Bytes that the kernel has taken so far. On the loop only.
  long written() {
    return written;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /// Writes up to `batches` times. On the loop only.
  Flushed flush(SocketChannel channel, ByteBuffer shared, int batches) throws IOException {
    for (int i = 0; i < batches; i++) {
      Pending first = queue.peek();
      if (first == null) {
        return Flushed.ALL;
      }
      if (first.bytes == null) {
        queue.poll();
        channel.shutdownOutput();
        first.setValue(true);
        continue;
      }
      gather(shared.clear());
      int offered = shared.flip().remaining();
      int taken = channel.write(shared);
      settle(taken);
      if (taken < offered) {
        return Flushed.KERNEL_FULL;
      }
    }
    return queue.isEmpty() ? Flushed.ALL : Flushed.SHARE_USED;
  }

  /// Copies packets from the head of the queue, without taking them, until the buffer is full or
  /// output ends.
  private void gather(ByteBuffer into) {
    for (Pending pending : queue) {
      ByteBuffer from = pending.bytes;
      if (from == null || !into.hasRemaining()) {
        return;
      }
      int count = Math.min(from.remaining(), into.remaining());
      into.put(into.position(), from, from.position(), count);
      into.position(into.position() + count);
    }
  }

  /// Takes from the head what the kernel took, then tells those whose packets are wholly gone.
  private void settle(int taken) {
    List<Pending> gone = new ArrayList<>();
    int left = taken;
    while (left > 0) {
      Pending head = queue.peek();
      if (head == null || head.bytes == null) {
        throw new IllegalStateException("More was written than was queued");
      }
      int count = Math.min(left, head.bytes.remaining());
      head.bytes.position(head.bytes.position() + count);
      left -= count;
      if (!head.bytes.hasRemaining()) {
        queue.poll();
        gone.add(head);
      }
    }
    bytes.addAndGet(-taken);
    written += taken;
    gone.forEach(Pending::gone);
  }

  /// Drops everything and says why to those who wait.
  void fail(Throwable cause) {
    for (@Nullable Pending head = queue.poll(); head != null; head = queue.poll()) {
      bytes.addAndGet(-head.left());
      head.setValue(cause);
    }
  }
}
