package org.ongsung.protocols.ssh;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ChannelKind;
import org.ongsung.recording.ChannelRecorder;

/// The tap of one channel: hands what passes to the record before it is sent on, and stops both
/// sides while the record has no room.
///
/// Threads: under the relay's lock, but for the recorder's call that there is room again.
final class SshRecording {
  private final ChannelRecorder recorder;
  private final SshLeg client;
  private final SshLeg target;
  private final AtomicBoolean holding = new AtomicBoolean();
  private boolean closed;

  SshRecording(ChannelRecorder recorder, SshLeg client, SshLeg target) {
    this.recorder = recorder;
    this.client = client;
    this.target = target;
  }

  ChannelKind kind() {
    return recorder.channel().kind();
  }

  void fromClient(byte[] bytes, int offset, int length) {
    if (!recorder.fromClient(bytes, offset, length)) {
      waitForRoom();
    }
  }

  void fromTarget(byte[] bytes, int offset, int length) {
    if (!recorder.fromTarget(bytes, offset, length)) {
      waitForRoom();
    }
  }

  void errorFromTarget(byte[] bytes, int offset, int length) {
    if (!recorder.errorFromTarget(bytes, offset, length)) {
      waitForRoom();
    }
  }

  void resized(int columns, int rows) {
    recorder.resized(columns, rows);
  }

  private void waitForRoom() {
    if (holding.compareAndSet(false, true)) {
      client.hold();
      target.hold();
      recorder.onRoom(this::goOn);
    }
  }

  private void goOn() {
    if (holding.compareAndSet(true, false)) {
      client.release();
      target.release();
    }
  }

  /// Ends the record; the first call counts.
  void close(@Nullable Integer exitStatus, @Nullable String exitSignal) {
    if (closed) {
      return;
    }
    closed = true;
    var _ =
        recorder.close(exitStatus, exitSignal); // a record that fails ends the session by itself
    goOn();
  }
}
