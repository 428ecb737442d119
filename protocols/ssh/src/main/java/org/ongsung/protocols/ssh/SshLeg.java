package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.ongsung.protocols.ssh.transport.LoopSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One of the two SSH connections of a relay: sends packets, and stops reading when asked.
///
/// Threads: any. Packets keep the order of the calls only when the caller does.
final class SshLeg {
  private static final Logger LOG = LoggerFactory.getLogger(SshLeg.class);

  private final AbstractSession session;
  private final AtomicInteger holds = new AtomicInteger();

  SshLeg(Session session) {
    this.session = (AbstractSession) session;
  }

  /// Ties two legs together: each is read only while the other takes what is sent to it.
  static void pair(SshLeg one, SshLeg two) {
    LoopSession.couple(LoopSession.of(one.session), LoopSession.of(two.session));
  }

  AbstractSession session() {
    return session;
  }

  /// A packet to fill, with room for `payload` bytes after the message number.
  Buffer packet(byte command, int payload) {
    return session.createBuffer(command, payload + 1);
  }

  /// Sends a packet, or drops it when the connection is closing.
  void send(Buffer packet) {
    try {
      if (ThreadUtils.isInternalThread()) {
        session.writePacket(packet);
      } else {
        // MINA lets threads that are not its own wait for the end of a key exchange here, with our
        // lock held; marked as its own they queue instead.
        ThreadUtils.runAsInternal(() -> session.writePacket(packet));
      }
    } catch (IOException e) {
      LOG.debug("dropped a packet to {}: {}", session, e.toString());
    } catch (Exception e) {
      LOG.warn("could not send to {}", session, e);
      session.close(true);
    }
  }

  /// Stops reading from this leg until [#release], which must follow; both nest.
  void hold() {
    synchronized (holds) {
      if (holds.incrementAndGet() == 1) {
        session.getIoSession().suspendRead();
      }
    }
  }

  void release() {
    synchronized (holds) {
      if (holds.decrementAndGet() == 0) {
        session.getIoSession().resumeRead();
      }
    }
  }

  /// Whether this leg is held back now; it then says nothing, and is not dead.
  boolean isHeld() {
    return holds.get() > 0;
  }

  /// Says why and closes.
  void disconnect(int reason, String text) {
    try {
      ThreadUtils.runAsInternal(
          () -> {
            session.disconnect(reason, text);
            return null;
          });
    } catch (Exception e) {
      session.close(true);
    }
  }
}
