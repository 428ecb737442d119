package org.ongsung.console.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.ongsung.model.Network;
import org.ongsung.wire.proxy.ProxyHeader;
import org.ongsung.wire.proxy.ProxyHeader.Endpoint;
import org.ongsung.wire.proxy.ProxyHeaderReader;
import org.ongsung.wire.proxy.ProxyHeaderReader.Reading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands before another protocol on a listener: connections of configured load balancers must
/// begin with a PROXY header, which names the client; on those of everybody else it is not looked
/// for, and would be a broken request.
///
/// Not guessed, as the specification demands: a client of a load balancer that sends no header
/// could otherwise write one of its own. What does not begin with a header is closed.
public final class ProxyProtocol extends AbstractConnectionFactory {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyProtocol.class);

  private final List<Network> balancers;
  private final ConnectionFactory next;

  /// @param balancers whose connections begin with a header
  /// @param next what follows
  public ProxyProtocol(List<Network> balancers, ConnectionFactory next) {
    super("proxy");
    this.balancers = List.copyOf(balancers);
    this.next = next;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    boolean balanced =
        endPoint.getRemoteSocketAddress() instanceof InetSocketAddress peer
            && balancers.stream().anyMatch(network -> network.contains(peer.getAddress()));
    return balanced
        ? new HeaderConnection(connector, endPoint)
        : next.newConnection(connector, endPoint);
  }

  /// Reads the header and not a byte more, then makes way.
  private final class HeaderConnection extends AbstractConnection {
    private final Connector connector;
    private final ByteBuffer header = ByteBuffer.allocate(ProxyHeaderReader.MAX_BYTES);

    HeaderConnection(Connector connector, EndPoint endPoint) {
      super(endPoint, connector.getExecutor());
      this.connector = connector;
    }

    @Override
    public void onOpen() {
      super.onOpen();
      fillInterested();
    }

    @Override
    public void onFillable() {
      try {
        while (true) {
          switch (ProxyHeaderReader.read(header.duplicate().flip())) {
            case Reading.Incomplete(int atLeastBytes) -> {
              int filled = fill(atLeastBytes);
              if (filled == 0) {
                fillInterested();
              }
              if (filled <= 0) {
                return;
              }
            }
            case Reading.Malformed(String why) -> {
              LOG.warn(
                  "closed {}: a PROXY header is expected from there, but {}",
                  getEndPoint().getRemoteSocketAddress(),
                  why);
              close();
              return;
            }
            case Reading.Complete complete -> {
              makeWay(complete.header());
              return;
            }
          }
        }
      } catch (IOException | RuntimeException e) {
        LOG.debug("a load balancer's connection broke", e);
        close();
      }
    }

    /// @return how many bytes came; 0 when none are there yet, -1 when none will come
    private int fill(int atMost) throws IOException {
      ByteBuffer some = BufferUtil.allocate(atMost);
      int filled = getEndPoint().fill(some);
      if (filled < 0) {
        close();
      } else {
        header.put(some);
      }
      return filled;
    }

    private void makeWay(ProxyHeader said) {
      EndPoint end =
          switch (said) {
            case ProxyHeader.Itself _ -> getEndPoint();
            case ProxyHeader.Relayed(Endpoint source, Endpoint destination) ->
                new ProxiedEndPoint(getEndPoint(), address(destination), address(source));
          };
      getEndPoint().upgrade(next.newConnection(connector, end));
    }

    private static InetSocketAddress address(Endpoint end) {
      return new InetSocketAddress(InetAddress.ofLiteral(end.address()), end.port());
    }
  }
}
