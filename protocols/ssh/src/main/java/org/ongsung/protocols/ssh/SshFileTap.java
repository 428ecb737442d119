package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.ongsung.recording.ChannelRecorder;
import org.ongsung.wire.sftp.SftpLimits;
import org.ongsung.wire.sftp.SftpObserver;
import org.ongsung.wire.sftp.SftpProtocolException;

/// The record of an SFTP channel whose client is the gateway itself: takes what passes before it is
/// passed on, and holds a direction up while the record has no room.
///
/// Safe for the threads of both directions.
final class SshFileTap {
  private final ChannelRecorder recorder;
  private final SshFileOperations operations;
  private final SftpObserver observer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private boolean closed;
  private boolean full;

  SshFileTap(ChannelRecorder recorder) {
    this.recorder = recorder;
    this.operations = new SshFileOperations(recorder);
    this.observer = new SftpObserver(SftpLimits.DEFAULT, operations);
  }

  void fromClient(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      requireOpen();
      boolean room = recorder.fromClient(bytes, offset, length);
      observer.fromClient(bytes, offset, length);
      awaitRoom(room);
    } catch (SftpProtocolException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  void fromTarget(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      requireOpen();
      boolean room = recorder.fromTarget(bytes, offset, length);
      observer.fromServer(bytes, offset, length);
      awaitRoom(room);
    } catch (SftpProtocolException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the channel is closed");
    }
  }

  private void awaitRoom(boolean room) throws IOException {
    if (operations.hadRoom() && room) {
      return;
    }
    if (!full) {
      full = true;
      recorder.onRoom(this::room);
    }
    try {
      while (full && !closed) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void room() {
    lock.lock();
    try {
      full = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the record; the first call counts.
  void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      observer.end();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    var _ = recorder.close(null, null); // one that fails ends the session itself
  }
}
