package org.ongsung.protocols.ssh.transport;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.closeable.AbstractInnerCloseable;
import org.jspecify.annotations.Nullable;

/// What acceptor and connector share: the handler they serve and the sessions they made.
abstract class LoopService extends AbstractInnerCloseable implements IoService {

  private final EventLoops loops;
  private final IoHandler handler;
  private final Map<Long, IoSession> sessions = new ConcurrentHashMap<>();
  private volatile @Nullable IoServiceEventListener eventListener;

  LoopService(EventLoops loops, IoHandler handler) {
    this.loops = loops;
    this.handler = handler;
  }

  EventLoops loops() {
    return loops;
  }

  TransportLimits limits() {
    return loops.limits();
  }

  IoHandler handler() {
    return handler;
  }

  /// Tells the event listener, if there is one, of a connection that will become a session.
  abstract void announce(LoopSession session) throws IOException;

  /// Adds a session whose handler is ready, or closes it where the service is being closed.
  void manage(LoopSession session) {
    sessions.put(session.getId(), session);
    if (isClosing()) {
      session.close(true);
    }
  }

  /// The session is gone. Called once for each session, whether it was managed or not.
  void sessionClosed(LoopSession session) {
    sessions.remove(session.getId());
    session.handshakeEnds();
  }

  /// A peer has authenticated, or its session is gone.
  void handshakeEnded(LoopSession session) {}

  /// The handler refused a new session, or failed.
  void beginFailed(LoopSession session, Throwable cause) {
    log.debug("Beginning {} failed", session, cause);
    session.close(true);
  }

  @Override
  protected Closeable getInnerCloseable() {
    return builder().parallel(toString(), sessions.values()).build();
  }

  @Override
  public Map<Long, IoSession> getManagedSessions() {
    return Collections.unmodifiableMap(sessions);
  }

  @Override
  public @Nullable IoServiceEventListener getIoServiceEventListener() {
    return eventListener;
  }

  @Override
  public void setIoServiceEventListener(@Nullable IoServiceEventListener listener) {
    eventListener = listener;
  }
}
