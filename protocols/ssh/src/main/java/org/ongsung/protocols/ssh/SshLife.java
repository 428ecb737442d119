package org.ongsung.protocols.ssh;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The connections that live now, and what happens to them by time: signs of life, and the end of
/// those that failed and that nobody reads.
final class SshLife implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final SshLimits limits;
  private final Set<SshConnection> connections = ConcurrentHashMap.newKeySet();

  /// Those that have failed and are looked at once their grace is over.
  private final Set<SshConnection> failing = ConcurrentHashMap.newKeySet();

  private volatile boolean stopped;
  private final Thread watch;

  SshLife(SshLimits limits) {
    this.limits = limits;
    this.watch = Thread.ofVirtual().name("ssh-life").unstarted(this::watch);
  }

  void start() {
    watch.start();
  }

  void add(SshConnection connection) {
    connections.add(connection);
    if (stopped) {
      connection.stop();
    }
  }

  void remove(SshConnection connection) {
    connections.remove(connection);
  }

  int count() {
    return connections.size();
  }

  /// Ends a failed connection after a while, unless it shows its failure to somebody.
  void disconnectLater(SshConnection connection) {
    if (!failing.add(connection)) {
      return; // it is looked at soon
    }
    Thread.ofVirtual()
        .name("ssh-grace")
        .start(
            () -> {
              try {
                Thread.sleep(GRACE);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              failing.remove(connection);
              connection.disconnectIfIdle();
            });
  }

  private void watch() {
    try {
      while (!stopped) {
        Thread.sleep(limits.keepAliveInterval());
        connections.forEach(SshConnection::askIfAlive);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopped = true;
    watch.interrupt();
    connections.forEach(SshConnection::stop);
  }
}
