package org.ongsung.protocols.ssh.transport;

import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.apache.sshd.common.session.helpers.PendingWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.slf4j.Logger;

/// MINA's queue of packets that must wait for the end of a key exchange, counted as bytes the
/// session has yet to write: so the marks of [TransportLimits] hold while it re-keys too.
final class HeldPackets extends KeyExchangeMessageHandler {

  HeldPackets(AbstractSession session, Logger log) {
    super(session, log);
  }

  @Override
  protected PendingWriteFuture enqueuePendingPacket(int cmd, Buffer buffer) {
    PendingWriteFuture future = super.enqueuePendingPacket(cmd, buffer);
    IoSession io = session.getIoSession();
    if (io instanceof LoopSession loopSession) {
      long bytes = buffer.available();
      loopSession.held(bytes);
      future.addListener(gone -> loopSession.held(-bytes));
    }
    return future;
  }
}
