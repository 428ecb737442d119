package org.ongsung.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A TCP proxy on a loopback port that passes bytes on until it is told to break every connection.
public final class CuttableProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong passed = new AtomicLong();
  private volatile boolean away;

  private CuttableProxy(ServerSocket listener, int port) {
    this.listener = listener;
    this.port = port;
  }

  /// Starts one before a loopback port.
  public static CuttableProxy start(int port) {
    try {
      ServerSocket listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
      CuttableProxy proxy = new CuttableProxy(listener, port);
      Thread.ofVirtual().name("cuttable").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where it listens.
  public int port() {
    return listener.getLocalPort();
  }

  /// How many bytes it has passed on, both ways together.
  public long passed() {
    return passed.get();
  }

  /// Breaks all connections, in the middle of whatever they carry; new ones are taken.
  public void cut() {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0); // a reset, so that what is on its way is lost
        socket.close();
      } catch (IOException e) {
        // It is closed.
      }
    }
  }

  /// Breaks all connections, and those that are tried from now on.
  public void goAway() {
    away = true;
    cut();
  }

  /// Takes connections again.
  public void comeBack() {
    away = false;
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listener.accept();
        if (away) {
          near.close();
        } else {
          Thread.ofVirtual().start(() -> carry(near));
        }
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void carry(Socket near) {
    Socket far = new Socket();
    sockets.add(near);
    sockets.add(far);
    try {
      far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      Thread.ofVirtual().start(() -> pass(near, far));
      pass(far, near);
    } catch (IOException e) {
      // What it stands before is gone, or the connection was cut before it was made.
      closed(near);
      closed(far);
    }
  }

  private void closed(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[16_384];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        passed.addAndGet(n);
      }
    } catch (IOException e) {
      // One side is gone, and so the other goes.
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      // It is closed.
    }
    cut();
  }
}
