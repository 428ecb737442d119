package org.ongsung.gateway.terminal;

import org.ongsung.recording.ChannelRecorder;

/// The record of a terminal between its two directions: takes what passes before it is passed on,
/// and holds a direction up while the record has no room.
///
/// Safe for the two threads of a relay.
final class TerminalTap {
  private final ChannelRecorder recorder;
  private boolean closed;
  private boolean waiting;

  TerminalTap(ChannelRecorder recorder) {
    this.recorder = recorder;
  }

  void fromClient(byte[] bytes, int offset, int length) throws InterruptedException {
    synchronized (this) {
      if (closed || recorder.fromClient(bytes, offset, length)) {
        return;
      }
    }
    awaitRoom();
  }

  void fromTarget(byte[] bytes, int offset, int length) throws InterruptedException {
    synchronized (this) {
      if (closed || recorder.fromTarget(bytes, offset, length)) {
        return;
      }
    }
    awaitRoom();
  }

  synchronized void resized(int columns, int rows) {
    if (!closed) {
      recorder.resized(columns, rows);
    }
  }

  private void awaitRoom() throws InterruptedException {
    boolean asks;
    synchronized (this) {
      asks = !waiting;
      waiting = true;
    }
    if (asks) {
      recorder.onRoom(this::room);
    }
    synchronized (this) {
      while (waiting && !closed) {
        wait();
      }
    }
  }

  private synchronized void room() {
    waiting = false;
    notifyAll();
  }

  /// Ends the record; the first call counts.
  void close(TerminalExit exit) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    var _ = recorder.close(exit.status(), exit.signal()); // one that fails ends the session itself
  }
}
