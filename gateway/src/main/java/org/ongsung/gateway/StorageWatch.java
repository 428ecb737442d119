package org.ongsung.gateway;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.recording.RecordingStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the free space of the recordings.
///
/// Under the mark new sessions are refused; live ones go on. Under a quarter of it they end too, so
/// that what is left serves the ledger and the administrators who come to mend it. There is room
/// again from an eighth above the mark on. Crossing the mark is in the ledger. Bytes that the
/// reserve has given up do not count as free, or sessions would take them again.
public final class StorageWatch {
  private static final Logger LOG = LoggerFactory.getLogger(StorageWatch.class);

  /// How much room there is.
  public enum Room {
    /// Sessions may start.
    ENOUGH,
    /// No new sessions.
    LOW,
    /// No sessions at all.
    NONE
  }

  private final RecordingStore store;
  private final StorageReserve reserve;
  private final long markBytes;
  private final InstantSource clock;
  private volatile Consumer<AuditEvent> ledger = event -> {};
  private volatile Room room = Room.ENOUGH;
  private volatile long usableBytes = Long.MAX_VALUE;

  /// @param markBytes free bytes under which new sessions are refused; 0 to watch nothing
  public StorageWatch(
      RecordingStore store, StorageReserve reserve, long markBytes, InstantSource clock) {
    this.store = store;
    this.reserve = reserve;
    this.markBytes = markBytes;
    this.clock = clock;
  }

  /// Says who takes the events of crossing the mark: the gateway that it stands in.
  void tellTo(Consumer<AuditEvent> taker) {
    ledger = taker;
  }

  /// What the last look saw.
  public Room room() {
    return room;
  }

  /// The free bytes that the last look saw; [Long#MAX_VALUE] before the first.
  public long usableBytes() {
    return usableBytes;
  }

  /// The mark.
  public long markBytes() {
    return markBytes;
  }

  /// Gives the reserve up or takes it back as there is room, apart from [#look], so that nobody
  /// waits for it who opens a session. Blocks.
  void tendReserve() {
    reserve.tend();
  }

  /// Looks. A store that cannot say how much is free has none. Blocks.
  public synchronized Room look() {
    long usable;
    try {
      usable = Math.max(0, store.usableBytes() - reserve.missingBytes());
    } catch (IOException e) {
      LOG.error("the free space of the recordings cannot be seen", e);
      usable = 0;
    }
    usableBytes = usable;
    Room before = room;
    Room now = judge(usable, before);
    room = now;
    if ((before == Room.ENOUGH) != (now == Room.ENOUGH)) {
      tell(now, usable);
    }
    return now;
  }

  private Room judge(long usable, Room before) {
    if (usable < markBytes / 4) {
      return Room.NONE;
    }
    long enough = before == Room.ENOUGH ? markBytes : markBytes + markBytes / 8;
    return usable < enough ? Room.LOW : Room.ENOUGH;
  }

  private void tell(Room now, long usable) {
    AuditCode code = now == Room.ENOUGH ? AuditCode.STORAGE_OK : AuditCode.STORAGE_LOW;
    LOG.warn("{}: {} bytes are free for recordings, the mark is {}", code, usable, markBytes);
    ledger.accept(
        new AuditEvent(
            clock.instant(),
            code,
            AuditEvent.SYSTEM,
            "",
            null,
            "recordings",
            Map.of("usableBytes", Long.toString(usable), "markBytes", Long.toString(markBytes))));
  }
}
