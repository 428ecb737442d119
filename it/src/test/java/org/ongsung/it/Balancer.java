package org.ongsung.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Passes one connection on to a port of this machine, from an address of its own and with a header
/// before it, as a load balancer does; or as somebody does who plays one.
final class Balancer implements AutoCloseable {
  private final ServerSocket listener;

  private Balancer(ServerSocket listener) {
    this.listener = listener;
  }

  /// Starts one.
  ///
  /// @param from an address of the loopback network, such as `127.0.0.2`
  /// @param header what it says first; may be empty
  static Balancer start(String from, byte[] header, int port) throws IOException {
    Balancer made = new Balancer(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().name("balancer").start(() -> made.passOn(from, header, port));
    return made;
  }

  /// Where it listens.
  int port() {
    return listener.getLocalPort();
  }

  private void passOn(String from, byte[] header, int port) {
    try (Socket client = listener.accept();
        Socket server = new Socket()) {
      server.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      server.getOutputStream().write(header);
      Thread.ofVirtual().name("balancer-in").start(() -> copy(client, server));
      copy(server, client);
    } catch (IOException e) {
      // nobody came, or nobody is there: whoever comes sees it
    }
  }

  private static void copy(Socket in, Socket out) {
    try {
      in.getInputStream().transferTo(out.getOutputStream());
      out.shutdownOutput();
    } catch (IOException e) {
      // the other direction has ended the connection
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
