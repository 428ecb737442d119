package org.ongsung.protocols.ssh;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ongsung.model.Name;

/// The connections that live now, and what happens to them by time: signs of life, and the end of
/// those that failed and that nobody reads.
final class SshLife implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final SshLimits limits;
  private final Set<SshConnection> connections = ConcurrentHashMap.newKeySet();

  private final Map<Name, Integer> perUser = new ConcurrentHashMap<>();

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

  /// Counts a connection in.
  ///
  /// @return false when its person has as many as one may have: it is not counted then
  boolean add(SshConnection connection) {
    boolean[] taken = {false};
    perUser.compute(
        connection.user(),
        (_, count) -> {
          int before = count == null ? 0 : count;
          taken[0] = before < limits.maxConnectionsPerUser();
          return taken[0] ? Integer.valueOf(before + 1) : count;
        });
    if (!taken[0]) {
      return false;
    }
    connections.add(connection);
    if (stopped) {
      connection.stop();
    }
    return true;
  }

  void remove(SshConnection connection) {
    if (connections.remove(connection)) {
      perUser.computeIfPresent(connection.user(), (_, count) -> count == 1 ? null : count - 1);
    }
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
