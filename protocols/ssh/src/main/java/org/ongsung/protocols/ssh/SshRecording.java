package org.ongsung.protocols.ssh;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ChannelKind;
import org.ongsung.recording.ChannelRecorder;
import org.ongsung.wire.sftp.SftpLimits;
import org.ongsung.wire.sftp.SftpObserver;
import org.ongsung.wire.sftp.SftpProtocolException;

/// The tap of one channel: hands what passes to the record before it is sent on, and stops both
/// sides while the record has no room.
///
/// Threads: under the relay's lock, but for the recorder's call that there is room again.
final class SshRecording {
  private final ChannelRecorder recorder;
  private final SshLeg client;
  private final SshLeg target;
  private final @Nullable SshFileOperations files;
  private final @Nullable SftpObserver sftp;
  private final AtomicBoolean holding = new AtomicBoolean();
  private boolean closed;

  SshRecording(ChannelRecorder recorder, SshLeg client, SshLeg target) {
    this.recorder = recorder;
    this.client = client;
    this.target = target;
    boolean followsFiles = recorder.channel().kind() == ChannelKind.SFTP;
    this.files = followsFiles ? new SshFileOperations(recorder) : null;
    this.sftp = files == null ? null : new SftpObserver(SftpLimits.DEFAULT, files);
  }

  /// @throws SftpProtocolException when the bytes cannot be followed and must not pass
  void fromClient(byte[] bytes, int offset, int length) throws SftpProtocolException {
    boolean room = recorder.fromClient(bytes, offset, length);
    if (sftp != null && !closed) {
      sftp.fromClient(bytes, offset, length);
    }
    waitUnless(room);
  }

  /// @throws SftpProtocolException when the bytes cannot be followed and must not pass
  void fromTarget(byte[] bytes, int offset, int length) throws SftpProtocolException {
    boolean room = recorder.fromTarget(bytes, offset, length);
    if (sftp != null && !closed) {
      sftp.fromServer(bytes, offset, length);
    }
    waitUnless(room);
  }

  void errorFromTarget(byte[] bytes, int offset, int length) {
    waitUnless(recorder.errorFromTarget(bytes, offset, length));
  }

  void resized(int columns, int rows) {
    recorder.resized(columns, rows);
  }

  private void waitUnless(boolean room) {
    boolean roomForFiles = files == null || files.hadRoom();
    if (!room || !roomForFiles) {
      waitForRoom();
    }
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
    if (sftp != null) {
      sftp.end();
    }
    closed = true;
    var _ =
        recorder.close(exitStatus, exitSignal); // a record that fails ends the session by itself
    goOn();
  }
}
