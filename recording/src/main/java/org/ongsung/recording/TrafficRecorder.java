package org.ongsung.recording;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.SessionChannel;

/// Records forwards, agent, X11 and sftp: byte counts and file operations, no payload. What the
/// record says lies in the [SessionStore] and the ledger, durable with each entry.
final class TrafficRecorder extends BaseRecorder {
  TrafficRecorder(
      SessionChannel channel,
      RecorderListener listener,
      RecordingEngine engine,
      InstantSource clock) {
    super(channel, listener, engine, clock);
  }

  @Override
  public boolean fromClient(byte[] bytes, int offset, int length) {
    count(length, 0);
    return hasRoom();
  }

  @Override
  public boolean fromTarget(byte[] bytes, int offset, int length) {
    count(0, length);
    return hasRoom();
  }

  @Override
  public boolean errorFromTarget(byte[] bytes, int offset, int length) {
    count(0, length);
    return hasRoom();
  }

  @Override
  public void resized(int columns, int rows) {
    // These channels have no terminal.
  }

  @Override
  boolean bytesHaveRoom() {
    return true;
  }

  @Override
  Streams finish(@Nullable Integer exitStatus, @Nullable String exitSignal) {
    return Streams.NONE;
  }
}
