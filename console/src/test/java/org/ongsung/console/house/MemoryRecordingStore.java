package org.ongsung.console.house;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ongsung.recording.RecordingId;
import org.ongsung.recording.RecordingStore;

/// Recordings in memory, written line by line by tests; each line a frame of its own.
public final class MemoryRecordingStore implements RecordingStore {
  private final Map<RecordingId, List<byte[]>> recordings = new ConcurrentHashMap<>();
  private final Set<RecordingId> growing = Collections.synchronizedSet(new HashSet<>());

  /// Adds a line.
  public void line(RecordingId id, String line) {
    byte[] frame = Zstd.compress((line + "\n").getBytes(StandardCharsets.UTF_8));
    recordings.computeIfAbsent(id, _ -> Collections.synchronizedList(new ArrayList<>())).add(frame);
  }

  /// Takes a recording away.
  public void forget(RecordingId id) {
    recordings.remove(id);
  }

  /// Says whether more will come.
  public void grows(RecordingId id, boolean now) {
    if (now) {
      growing.add(id);
    } else {
      growing.remove(id);
    }
  }

  boolean isGrowing(RecordingId id) {
    return growing.contains(id);
  }

  @Override
  public Sink create(RecordingId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public InputStream open(RecordingId id) throws IOException {
    List<byte[]> frames = recordings.get(id);
    if (frames == null) {
      throw new NoSuchFileException(id.toString());
    }
    return new Growing(frames);
  }

  @Override
  public long delete(RecordingId id) {
    List<byte[]> frames = recordings.remove(id);
    return frames == null ? -1 : frames.stream().mapToLong(frame -> frame.length).sum();
  }

  @Override
  public long usableBytes() {
    return 1L << 40;
  }

  /// Reads to the end as it is now, and further when asked again later.
  private static final class Growing extends InputStream {
    private final List<byte[]> frames;
    private int next;
    private InputStream current = new ByteArrayInputStream(new byte[0]);

    Growing(List<byte[]> frames) {
      this.frames = frames;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int n = current.read(into, offset, length);
      while (n < 0 && next < frames.size()) {
        current = new ByteArrayInputStream(frames.get(next++));
        n = current.read(into, offset, length);
      }
      return n;
    }
  }
}
