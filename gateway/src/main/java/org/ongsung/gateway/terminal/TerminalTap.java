package org.ongsung.gateway.terminal;

import org.ongsung.recording.ChannelRecorder;

/// The record of a terminal between its two directions: takes what passes before it is passed on,
/// and holds a direction up while the record has no room.
///
/// Safe for the two threads of a relay, and for the one of an event loop.
final class TerminalTap {
  private final ChannelRecorder recorder;
  private boolean closed;
  private boolean waiting;

  TerminalTap(ChannelRecorder recorder) {
    this.recorder = recorder;
  }

  void fromClient(byte[] bytes, int offset, int length) throws InterruptedException {
    if (!tookFromClient(bytes, offset, length)) {
      awaitRoom();
    }
  }

  void fromTarget(byte[] bytes, int offset, int length) throws InterruptedException {
    if (!tookFromTarget(bytes, offset, length)) {
      awaitRoom();
    }
  }

  /// Takes what the person typed, without waiting.
  ///
  /// @return whether there is room for more
  synchronized boolean tookFromClient(byte[] bytes, int offset, int length) {
    return closed || recorder.fromClient(bytes, offset, length);
  }

  /// Takes what the target showed, without waiting.
  ///
  /// @return whether there is room for more
  synchronized boolean tookFromTarget(byte[] bytes, int offset, int length) {
    return closed || recorder.fromTarget(bytes, offset, length);
  }

  /// Calls `listener` once, on any thread, when there is room again.
  void onRoom(Runnable listener) {
    recorder.onRoom(listener);
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
