package org.ongsung.server.running;

import java.util.concurrent.CountDownLatch;

/// Waits for SIGTERM, SIGINT or SIGHUP, and keeps the process alive until the stop is done.
///
/// The Java machine ends a signalled process with 128 plus the signal's number once its hooks have
/// run; a stop that was asked for and went well ends with 0 here, so that service managers see it
/// as one.
public final class RunUntilSignalled {
  private final CountDownLatch signalled = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile int status;

  private RunUntilSignalled() {}

  /// Listens for signals from now on.
  public static RunUntilSignalled install() {
    RunUntilSignalled waiting = new RunUntilSignalled();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(waiting::stop));
    return waiting;
  }

  private void stop() {
    signalled.countDown();
    try {
      done.await();
      Runtime.getRuntime().halt(status);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Blocks until a signal comes.
  public void await() throws InterruptedException {
    signalled.await();
  }

  /// Says that everything is stopped; the process may end with `status`.
  public void done(int status) {
    this.status = status;
    done.countDown();
  }
}
