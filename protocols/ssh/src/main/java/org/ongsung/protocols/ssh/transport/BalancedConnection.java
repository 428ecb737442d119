package org.ongsung.protocols.ssh.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.ongsung.wire.proxy.ProxyHeader;
import org.ongsung.wire.proxy.ProxyHeader.Endpoint;
import org.ongsung.wire.proxy.ProxyHeaderReader;
import org.ongsung.wire.proxy.ProxyHeaderReader.Reading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection of a load balancer until its PROXY header is read; then a [LoopSession] with the
/// client's address takes its place.
///
/// Not a byte more is read than the header has. What does not begin with one is closed, and so is
/// who takes longer than [TransportLimits#handshake]. All on the connection's loop but [#begin].
final class BalancedConnection {
  private static final Logger LOG = LoggerFactory.getLogger(BalancedConnection.class);

  private final LoopAcceptor acceptor;
  private final EventLoop loop;
  private final SocketChannel channel;
  private final SocketAddress balancer;
  private final SocketAddress local;
  private final ByteBuffer header = ByteBuffer.allocate(ProxyHeaderReader.MAX_BYTES);
  private boolean done;

  BalancedConnection(
      LoopAcceptor acceptor,
      EventLoop loop,
      SocketChannel channel,
      SocketAddress balancer,
      SocketAddress local)
      throws IOException {
    this.acceptor = acceptor;
    this.loop = loop;
    this.channel = channel;
    this.balancer = balancer;
    this.local = local;
    channel.configureBlocking(false);
  }

  void begin() {
    loop.enqueue(
        () -> {
          try {
            loop.register(channel, SelectionKey.OP_READ, this::read);
            loop.schedule(acceptor.limits().handshake(), this::overdue);
          } catch (IOException | RuntimeException e) {
            end(e);
          }
        });
  }

  private void overdue() {
    if (!done) {
      end(new IOException("no PROXY header within " + acceptor.limits().handshake()));
    }
  }

  private void end(Exception why) {
    done = true;
    acceptor.giveUp(channel, local, why);
  }

  private void read(SelectionKey key) {
    try {
      while (!done) {
        switch (ProxyHeaderReader.read(header.duplicate().flip())) {
          case Reading.Incomplete(int atLeastBytes) -> {
            header.limit(header.position() + atLeastBytes);
            int bytes = channel.read(header);
            header.limit(header.capacity());
            if (bytes < 0) {
              throw new EOFException("hung up before its PROXY header was whole");
            }
            if (bytes == 0) {
              return;
            }
          }
          case Reading.Malformed(String why) -> {
            LOG.warn("closed {}: a PROXY header is expected from there, but {}", balancer, why);
            throw new IOException(why);
          }
          case Reading.Complete complete -> {
            key.interestOps(0);
            done = true;
            acceptor.seat(loop, channel, client(complete.header()), local);
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      end(e);
    }
  }

  private SocketAddress client(ProxyHeader said) {
    return switch (said) {
      case ProxyHeader.Itself _ -> balancer;
      case ProxyHeader.Relayed(Endpoint source, Endpoint _) ->
          new InetSocketAddress(InetAddress.ofLiteral(source.address()), source.port());
    };
  }
}
