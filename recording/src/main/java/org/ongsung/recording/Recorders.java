package org.ongsung.recording;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionChannel;

/// Opens the recorders of channels: a terminal's for a shell or command with a terminal, a
/// command's for the rest of what runs commands, and one that counts for everything else.
public final class Recorders implements AutoCloseable {
  private static final Set<ChannelKind> COMMANDS =
      Set.of(
          ChannelKind.SHELL, ChannelKind.EXEC, ChannelKind.SCP, ChannelKind.RSYNC, ChannelKind.GIT);

  private final RecordingStore store;
  private final RecordingEngine engine;
  private final InstantSource clock;
  private final Set<RecordingId> open = ConcurrentHashMap.newKeySet();

  public Recorders(RecordingStore store, RecorderLimits limits, InstantSource clock) {
    this.store = store;
    this.engine = new RecordingEngine(limits);
    this.clock = clock;
  }

  /// Whether channels of this kind have a recording, which tells how far they were; of the others
  /// only [ChannelProgress] does, until they end.
  public static boolean hasRecording(ChannelKind kind) {
    return COMMANDS.contains(kind);
  }

  /// Opens the record of `channel`; its first bytes have left this process on return. Blocks.
  ///
  /// @throws RecordUnavailableException when it cannot be written
  public ChannelRecorder open(
      SessionChannel channel, @Nullable TerminalShape terminal, RecorderListener listener) {
    if (!hasRecording(channel.kind())) {
      return new TrafficRecorder(channel, listener, engine, clock);
    }
    RecordingId id = new RecordingId(channel.session(), channel.number());
    RecorderListener tracking = new Tracking(id, listener);
    try {
      RecordingStore.Sink sink = store.create(id);
      QueuedRecorder recorder =
          terminal == null
              ? new CommandRecorder(channel, tracking, engine, clock, sink)
              : new TerminalRecorder(channel, terminal, tracking, engine, clock, sink);
      open(recorder, sink);
      open.add(id);
      return recorder;
    } catch (IOException | RuntimeException e) {
      throw new RecordUnavailableException("the recording of " + id + " cannot be written", e);
    }
  }

  private static void open(QueuedRecorder recorder, RecordingStore.Sink sink) throws IOException {
    try {
      recorder.open();
    } catch (IOException | RuntimeException e) {
      try (sink) {
        throw e;
      }
    }
  }

  /// Whether the recording still grows in this process.
  public boolean isOpen(RecordingId id) {
    return open.contains(id);
  }

  /// How many recordings grow in this process.
  public int openRecordings() {
    return open.size();
  }

  /// Bytes that wait in memory to be written, over all recorders.
  public long queuedBytes() {
    return engine.queuedBytes();
  }

  /// Stops the workers. Close the recorders before.
  @Override
  public void close() {
    engine.close();
  }

  private final class Tracking implements RecorderListener {
    private final RecordingId id;
    private final RecorderListener owner;

    Tracking(RecordingId id, RecorderListener owner) {
      this.id = id;
      this.owner = owner;
    }

    @Override
    public void fileOperations(java.util.List<org.ongsung.model.FileOperation> operations) {
      owner.fileOperations(operations);
    }

    @Override
    public void failed(SessionChannel channel, Exception cause) {
      owner.failed(channel, cause);
    }

    @Override
    public void closed(SessionChannel channel, SessionChannel.End end) {
      open.remove(id);
      owner.closed(channel, end);
    }
  }
}
