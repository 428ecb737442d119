package org.ongsung.protocols.ssh.transport;

import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;

/// What one MINA server or client makes its services with. Closing it leaves the loops to others.
final class LoopServiceFactory extends AbstractCloseable implements IoServiceFactory {

  private final EventLoops loops;
  private volatile @Nullable IoServiceEventListener eventListener;

  LoopServiceFactory(EventLoops loops, @Nullable IoServiceEventListener eventListener) {
    this.loops = loops;
    this.eventListener = eventListener;
  }

  @Override
  public IoConnector createConnector(IoHandler handler) {
    return adopted(new LoopConnector(loops, handler));
  }

  @Override
  public IoAcceptor createAcceptor(IoHandler handler) {
    return adopted(new LoopAcceptor(loops, handler));
  }

  private <S extends LoopService> S adopted(S service) {
    service.setIoServiceEventListener(eventListener);
    loops.adopt(service);
    return service;
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
