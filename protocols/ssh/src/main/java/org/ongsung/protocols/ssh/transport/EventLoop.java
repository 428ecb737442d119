package org.ongsung.protocols.ssh.transport;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.ongsung.gateway.loop.SelectorLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that does all socket I/O of its SSH sessions.
///
/// In a turn each ready session reads one batch and what that wrote is flushed; what tasks and
/// timers wrote is flushed after them. Once a second the sessions' deadlines are looked at.
///
/// MINA sees the loop's thread as one of its own ([ThreadUtils#isInternalThread]), so channel data
/// written here while a session re-keys is queued and never blocks the loop.
public final class EventLoop extends SelectorLoop {

  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  // Only the loop's thread touches what follows.
  private final Arena arena = Arena.ofShared();
  private final ByteBuffer readBuffer;
  private final ByteBuffer writeBuffer;
  private final PacketPool packets = new PacketPool();
  private final ArrayDeque<LoopSession> dirty = new ArrayDeque<>();
  private final Set<LoopSession> sessions = new LinkedHashSet<>();

  EventLoop(int number, TransportLimits limits) {
    super("ssh-loop-" + number, new Limits(limits.tasksPerTurn(), limits.tasksMax()));
    this.readBuffer = arena.allocate(limits.readBatchBytes()).asByteBuffer();
    this.writeBuffer = arena.allocate(limits.writeBatchBytes()).asByteBuffer();
  }

  ByteBuffer readBuffer() {
    return readBuffer;
  }

  ByteBuffer writeBuffer() {
    return writeBuffer;
  }

  PacketPool packets() {
    return packets;
  }

  void adopt(LoopSession session) {
    sessions.add(session);
  }

  void forget(LoopSession session) {
    sessions.remove(session);
  }

  /// Has the session flushed at the end of what runs now.
  void flushLater(LoopSession session) {
    dirty.add(session);
  }

  @Override
  protected void carry(Runnable run) {
    try {
      ThreadUtils.runAsInternal(
          () -> {
            run.run();
            return null;
          });
    } catch (Exception e) {
      LOG.error("An SSH event loop ended by mistake", e);
    }
  }

  @Override
  protected boolean isBusy() {
    return !dirty.isEmpty();
  }

  @Override
  protected void handled() {
    flushDirty();
  }

  @Override
  protected void turnEnds() {
    flushDirty();
  }

  @Override
  protected void sweep() {
    for (LoopSession session : new ArrayList<>(sessions)) {
      guarded(() -> session.checkDeadlines(nowNanos()));
    }
  }

  private void flushDirty() {
    // Only those that are dirty now: a session that has more to write than its share marks itself
    // again.
    for (int i = dirty.size(); i > 0; i--) {
      LoopSession session = dirty.poll();
      if (session == null) {
        return;
      }
      guarded(session::flush);
    }
  }

  @Override
  protected void ending() {
    for (LoopSession session : new ArrayList<>(sessions)) {
      guarded(() -> session.close(true));
    }
  }

  @Override
  protected void over() {
    arena.close();
  }
}
