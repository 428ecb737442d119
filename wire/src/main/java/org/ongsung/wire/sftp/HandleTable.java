package org.ongsung.wire.sftp;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The handles that the server gave and that are open, found by their bytes without making an
/// object.
final class HandleTable {
  private final @Nullable OpenHandle[] buckets = new OpenHandle[64];
  private final int max;
  private int count;

  HandleTable(int max) {
    this.max = max;
  }

  @Nullable OpenHandle find(byte[] bytes, int offset, int length) {
    OpenHandle handle = buckets[bucket(bytes, offset, length)];
    while (handle != null
        && !Arrays.equals(handle.id, 0, handle.id.length, bytes, offset, offset + length)) {
      handle = handle.next;
    }
    return handle;
  }

  void add(OpenHandle handle) throws SftpProtocolException {
    OpenHandle known = find(handle.id, 0, handle.id.length);
    if (known != null) {
      if (!known.closing) {
        throw new SftpProtocolException("the server gave one handle for two files");
      }
      // A server that works in parallel may give the number again before it says that it closed it.
      remove(known);
    }
    if (count >= max) {
      throw new SftpProtocolException("more than " + max + " files are open");
    }
    int bucket = bucket(handle.id, 0, handle.id.length);
    handle.next = buckets[bucket];
    buckets[bucket] = handle;
    count++;
  }

  /// Takes the handle out if it is still in.
  void remove(OpenHandle handle) {
    int bucket = bucket(handle.id, 0, handle.id.length);
    OpenHandle before = null;
    for (OpenHandle each = buckets[bucket]; each != null; each = each.next) {
      if (each == handle) {
        if (before == null) {
          buckets[bucket] = each.next;
        } else {
          before.next = each.next;
        }
        each.next = null;
        count--;
        return;
      }
      before = each;
    }
  }

  void drain(Consumer<OpenHandle> consumer) {
    for (int bucket = 0; bucket < buckets.length; bucket++) {
      OpenHandle handle = buckets[bucket];
      buckets[bucket] = null;
      while (handle != null) {
        consumer.accept(handle);
        handle = handle.next;
      }
    }
    count = 0;
  }

  private int bucket(byte[] bytes, int offset, int length) {
    int hash = 0;
    for (int at = offset; at < offset + length; at++) {
      hash = 31 * hash + bytes[at];
    }
    // 64 buckets by the top six bits of a Fibonacci hash.
    return (hash * 0x9E3779B9) >>> 26;
  }
}
