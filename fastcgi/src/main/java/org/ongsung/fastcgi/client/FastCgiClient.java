package org.ongsung.fastcgi.client;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Sends requests to one FastCGI application, in the responder role, by TCP or a Unix-domain
/// socket. Each request has a connection for itself; connections that the application keeps are
/// used again, the last one first.
///
/// For any number of threads. A kept connection that the application has closed in the meantime is
/// noticed before it is used again.
public final class FastCgiClient implements AutoCloseable {
  private final SocketAddress application;
  private final Limits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<FastCgiWire> kept = new ArrayDeque<>();
  private boolean closed;

  /// How far an application is trusted.
  ///
  /// @param keptConnections idle ones; 0 asks the application to close after each request
  /// @param silence how long nothing may come, or go, before the exchange fails
  /// @param headerBytes the header block of a response; past it, the exchange fails
  /// @param standardErrorBytes how much of standard error is remembered; the rest is dropped
  public record Limits(
      int keptConnections, Duration silence, int headerBytes, int standardErrorBytes) {
    public Limits {
      if (keptConnections < 0 || headerBytes < 1 || standardErrorBytes < 0) {
        throw new IllegalArgumentException("a limit is negative");
      }
      if (!silence.isPositive()) {
        throw new IllegalArgumentException("silence must be positive, not " + silence);
      }
    }

    /// 16 kept connections, a minute of silence, 64 KiB of headers, 8 KiB of standard error.
    public static Limits standard() {
      return new Limits(16, Duration.ofMinutes(1), 64 << 10, 8 << 10);
    }

    public Limits withKeptConnections(int count) {
      return new Limits(count, silence, headerBytes, standardErrorBytes);
    }

    public Limits withSilence(Duration longest) {
      return new Limits(keptConnections, longest, headerBytes, standardErrorBytes);
    }
  }

  /// @param application a TCP or a Unix-domain socket's address
  public FastCgiClient(SocketAddress application, Limits limits) {
    this.application = application;
    this.limits = limits;
  }

  /// Sends a request and waits for the header of its answer.
  ///
  /// @throws FastCgiException when the application declines or does not keep to the protocol
  /// @throws IOException when it cannot be reached, hangs up or is silent for too long
  public FastCgiResponse send(FastCgiRequest request) throws IOException {
    FastCgiWire wire = takeKept();
    if (wire != null && wire.isQuiet()) {
      return exchange(wire, request);
    }
    if (wire != null) {
      wire.close();
    }
    return exchange(connect(), request);
  }

  private FastCgiResponse exchange(FastCgiWire wire, FastCgiRequest request) throws IOException {
    FastCgiExchange exchange = new FastCgiExchange(wire, limits, this::keep);
    try {
      return exchange.begin(request);
    } catch (IOException | RuntimeException e) {
      exchange.close();
      throw e;
    }
  }

  /// Asks the application about itself (`FCGI_GET_VALUES`): `FCGI_MAX_CONNS`, `FCGI_MAX_REQS`,
  /// `FCGI_MPXS_CONNS`. What it does not know is not in the answer.
  public Map<String, String> values(List<String> names) throws IOException {
    try (FastCgiWire wire = connect()) {
      return FastCgiExchange.values(wire, limits, names);
    }
  }

  private FastCgiWire connect() throws IOException {
    SocketChannel channel =
        application instanceof UnixDomainSocketAddress
            ? SocketChannel.open(java.net.StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    FastCgiWire wire = new FastCgiWire(channel, limits.silence());
    try {
      wire.connect(application);
      return wire;
    } catch (IOException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  private @Nullable FastCgiWire takeKept() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("this client is closed");
      }
      return kept.pollFirst();
    } finally {
      lock.unlock();
    }
  }

  private void keep(FastCgiWire wire) {
    lock.lock();
    try {
      if (!closed && kept.size() < limits.keptConnections()) {
        kept.addFirst(wire);
        return;
      }
    } finally {
      lock.unlock();
    }
    wire.close();
  }

  /// Closes the kept connections; exchanges under way go on.
  @Override
  public void close() {
    List<FastCgiWire> idle;
    lock.lock();
    try {
      closed = true;
      idle = List.copyOf(kept);
      kept.clear();
    } finally {
      lock.unlock();
    }
    idle.forEach(FastCgiWire::close);
  }
}
