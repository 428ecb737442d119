package org.ongsung.wire.sftp;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The requests that wait for their response, by id, in parallel arrays: a READ or WRITE costs no
/// object.
///
/// Open addressing with linear probing and backward-shift deletion, so that it never fills with
/// tombstones.
final class RequestTable {
  /// What a request was, as far as its response matters.
  enum Kind {
    FREE,
    /// Its response is of no interest.
    LOOK,
    READ,
    READ_DIRECTORY,
    WRITE,
    CLOSE,
    OPEN,
    OPERATION
  }

  private final int max;
  private Kind[] kinds = filled(16);
  private int[] ids = new int[16];
  private int[] lengths = new int[16];
  private @Nullable Object[] subjects = new Object[16];
  private int count;
  private int found = -1;

  RequestTable(int max) {
    this.max = max;
  }

  /// Adds a request.
  ///
  /// @param subject the handle that it works on, or the operation that it is
  /// @param length the bytes of a WRITE
  void add(int id, Kind kind, @Nullable Object subject, int length) throws SftpProtocolException {
    if (count >= max) {
      throw new SftpProtocolException("more than " + max + " SFTP requests wait for an answer");
    }
    if (2 * (count + 1) > ids.length) {
      grow();
    }
    int slot = slot(id);
    if (kinds[slot] != Kind.FREE) {
      throw new SftpProtocolException("two SFTP requests have the same number");
    }
    put(slot, id, kind, subject, length);
    count++;
  }

  /// Finds a request; [#subject] and [#length] then speak of it until [#removeFound].
  Kind find(int id) throws SftpProtocolException {
    found = slot(id);
    if (kinds[found] == Kind.FREE) {
      throw new SftpProtocolException("the server answered a request that was not made");
    }
    return kinds[found];
  }

  @Nullable Object subject() {
    return subjects[found];
  }

  int length() {
    return lengths[found];
  }

  void removeFound() {
    int hole = found;
    int mask = ids.length - 1;
    int next = hole;
    while (true) {
      next = (next + 1) & mask;
      if (kinds[next] == Kind.FREE) {
        break;
      }
      int home = home(ids[next]);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        put(hole, ids[next], kinds[next], subjects[next], lengths[next]);
        hole = next;
      }
    }
    kinds[hole] = Kind.FREE;
    subjects[hole] = null;
    count--;
  }

  /// Gives every request that waits, in no order.
  void drain(BiConsumer<Kind, @Nullable Object> consumer) {
    for (int slot = 0; slot < ids.length; slot++) {
      if (kinds[slot] != Kind.FREE) {
        consumer.accept(kinds[slot], subjects[slot]);
        kinds[slot] = Kind.FREE;
        subjects[slot] = null;
      }
    }
    count = 0;
  }

  private int slot(int id) {
    int mask = ids.length - 1;
    int slot = home(id);
    while (kinds[slot] != Kind.FREE && ids[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int home(int id) {
    return ((id * 0x9E3779B9) >>> 8) & (ids.length - 1);
  }

  private void put(int slot, int id, Kind kind, @Nullable Object subject, int length) {
    ids[slot] = id;
    kinds[slot] = kind;
    subjects[slot] = subject;
    lengths[slot] = length;
  }

  private void grow() {
    Kind[] oldKinds = kinds;
    int[] oldIds = ids;
    int[] oldLengths = lengths;
    @Nullable Object[] oldSubjects = subjects;
    int size = ids.length * 2;
    kinds = filled(size);
    ids = new int[size];
    lengths = new int[size];
    subjects = new Object[size];
    for (int old = 0; old < oldIds.length; old++) {
      if (oldKinds[old] != Kind.FREE) {
        put(slot(oldIds[old]), oldIds[old], oldKinds[old], oldSubjects[old], oldLengths[old]);
      }
    }
  }

  private static Kind[] filled(int size) {
    Kind[] kinds = new Kind[size];
    Arrays.fill(kinds, Kind.FREE);
    return kinds;
  }
}
