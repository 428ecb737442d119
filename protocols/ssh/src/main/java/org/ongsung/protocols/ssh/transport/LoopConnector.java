package org.ongsung.protocols.ssh.transport;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.future.CancelFuture;
import org.apache.sshd.common.io.DefaultIoConnectFuture;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.loop.LoopTimer;

/// Outgoing connections: on the loop that [EventLoops#joining] names, else on the caller's own,
/// else on the next.
final class LoopConnector extends LoopService implements IoConnector {

  LoopConnector(EventLoops loops, IoHandler handler) {
    super(loops, handler);
  }

  @Override
  public IoConnectFuture connect(
      SocketAddress target,
      @Nullable AttributeRepository context,
      @Nullable SocketAddress localAddress) {
    DefaultIoConnectFuture future = new DefaultIoConnectFuture(target, null);
    if (isClosing()) {
      future.setException(new ClosedChannelException());
      return future;
    }
    try {
      new Attempt(loops().choose(context), target, context, localAddress, future).start();
    } catch (IOException | RuntimeException e) {
      future.setException(e);
    }
    return future;
  }

  /// One connection in the making.
  private final class Attempt {

    private final EventLoop loop;
    private final SocketAddress target;
    private final @Nullable AttributeRepository context;
    private final SocketChannel channel;
    private final DefaultIoConnectFuture future;
    private @Nullable LoopTimer deadline;

    Attempt(
        EventLoop loop,
        SocketAddress target,
        @Nullable AttributeRepository context,
        @Nullable SocketAddress localAddress,
        DefaultIoConnectFuture future)
        throws IOException {
      this.loop = loop;
      this.target = target;
      this.context = context;
      this.future = future;
      SocketChannel given = context == null ? null : context.getAttribute(EventLoops.CONNECTED);
      this.channel = given == null ? SocketChannel.open() : given;
      try {
        channel.configureBlocking(false);
        if (localAddress != null) {
          channel.bind(localAddress);
        }
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }

    void start() {
      future.addListener(
          done -> {
            if (done.isCanceled()) {
              loop.enqueue(this::cancelled);
            }
          });
      loop.enqueue(this::connect);
    }

    private void connect() {
      try {
        deadline = loop.schedule(limits().connect(), this::tooLate);
        if (channel.isConnected() || channel.connect(target)) {
          connected(null);
        } else {
          loop.register(channel, SelectionKey.OP_CONNECT, this::connected);
        }
      } catch (IOException | RuntimeException e) {
        fail(e);
      }
    }

    private void connected(@Nullable SelectionKey key) {
      try {
        if (key != null) {
          channel.finishConnect();
          key.interestOps(0);
        }
        LoopSession session =
            channel.getRemoteAddress() instanceof InetSocketAddress
                ? new LoopSession(LoopConnector.this, loop, channel, null)
                : new LoopSession(LoopConnector.this, loop, channel, target, null);
        if (context != null) {
          session.setAttribute(AttributeRepository.class, context);
        }
        session.setAttribute(Attempt.class, this);
        session.begin();
      } catch (IOException | RuntimeException e) {
        fail(e);
      }
    }

    private void tooLate() {
      if (!future.isDone()) {
        fail(new ConnectException("No connection to " + target + " within " + limits().connect()));
      }
    }

    private void fail(Throwable cause) {
      abandon();
      future.setException(cause);
    }

    private void cancelled() {
      abandon();
      CancelFuture cancel = future.cancel();
      if (cancel != null) {
        cancel.setCanceled();
      }
    }

    private void abandon() {
      endDeadline();
      try {
        channel.close();
      } catch (IOException e) {
        log.debug("Closing the attempt to reach {} failed: {}", target, e.toString());
      }
    }

    private void endDeadline() {
      LoopTimer timer = deadline;
      if (timer != null) {
        timer.cancel();
      }
    }

    /// Hands the session to whoever asked; they prepare it in listeners of the future, before
    /// anything is read.
    private void ready(LoopSession session) {
      endDeadline();
      future.setSession(session);
      if (future.getSession() != session) {
        session.close(true);
      }
    }
  }

  @Override
  void announce(LoopSession session) throws IOException {
    IoServiceEventListener listener = getIoServiceEventListener();
    if (listener != null && session.getAttribute(Attempt.class) instanceof Attempt attempt) {
      listener.connectionEstablished(
          this, session.getLocalAddress(), attempt.context, session.getRemoteAddress());
    }
  }

  @Override
  void manage(LoopSession session) {
    super.manage(session);
    if (session.removeAttribute(Attempt.class) instanceof Attempt attempt) {
      attempt.ready(session);
    }
  }

  @Override
  void beginFailed(LoopSession session, Throwable cause) {
    if (session.removeAttribute(Attempt.class) instanceof Attempt attempt) {
      attempt.endDeadline();
      attempt.future.setException(cause);
    }
    super.beginFailed(session, cause);
  }
}
