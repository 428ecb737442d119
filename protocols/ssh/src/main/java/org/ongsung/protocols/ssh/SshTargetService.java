package org.ongsung.protocols.ssh;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;

/// The `ssh-connection` service on the connection to a target: hands every packet to the person's
/// connection.
final class SshTargetService extends AbstractCloseable implements Service {
  /// Who takes a target's packets, positioned after the message number.
  @FunctionalInterface
  interface Receiver {
    void received(int command, Buffer in) throws SshException;
  }

  private final Session session;
  private final Receiver receiver;
  private final Map<String, Object> properties = new ConcurrentHashMap<>(1);

  SshTargetService(Session session) throws SshException {
    this.session = session;
    Receiver found =
        session instanceof ClientSession connected && connected.getConnectionContext() != null
            ? connected.getConnectionContext().getAttribute(SshUpstream.RECEIVER)
            : null;
    if (found == null) {
      throw new SshException("nobody takes this target's packets");
    }
    this.receiver = found;
  }

  @Override
  public void start() {
    // The person's side speaks first.
  }

  @Override
  public void process(int command, Buffer in) throws SshException {
    receiver.received(command, in);
  }

  @Override
  public Session getSession() {
    return session;
  }

  @Override
  public Map<String, Object> getProperties() {
    return properties;
  }
}
