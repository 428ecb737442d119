package org.ongsung.protocols.ssh.transport;

import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;

/// Bounds how many key exchange steps are computed at once, so that a flood of them leaves the
/// loops their cores.
///
/// A step is one packet of a key exchange (10 to 110 ms of CPU): the wait for the peer between
/// steps holds no place, so silent peers cannot use the places up. Newcomers and authenticated
/// sessions that re-key queue apart, each first come first served: strangers never delay those who
/// are at work. Too long a queue or too long a wait refuses the step, which ends that session with
/// a DISCONNECT.
public final class KeyExchangeGate {

  private final Lane newcomers;
  private final Lane authenticated;

  KeyExchangeGate(TransportLimits limits) {
    this.newcomers = new Lane(limits);
    this.authenticated = new Lane(limits);
  }

  /// Runs a step once it is its turn. Blocks; never call it on a loop.
  ///
  /// @throws SshException when too many wait already, or the wait took too long
  <T> T step(boolean ofAuthenticated, Callable<T> work) throws Exception {
    return (ofAuthenticated ? authenticated : newcomers).step(work);
  }

  /// Steps that wait for their turn now.
  public int waiting() {
    return newcomers.places.getQueueLength() + authenticated.places.getQueueLength();
  }

  private static final class Lane {

    private final Semaphore places;
    private final int waitingMax;
    private final long waitNanos;

    Lane(TransportLimits limits) {
      this.places = new Semaphore(limits.keyExchangesAtOnce(), true);
      this.waitingMax = limits.keyExchangesWaiting();
      this.waitNanos = limits.keyExchangeWait().toNanos();
    }

    <T> T step(Callable<T> work) throws Exception {
      // With a time the semaphore is fair, without one it is not.
      if (!places.tryAcquire(0, TimeUnit.NANOSECONDS)) {
        if (places.getQueueLength() >= waitingMax) {
          throw busy();
        }
        if (!places.tryAcquire(waitNanos, TimeUnit.NANOSECONDS)) {
          throw busy();
        }
      }
      try {
        return work.call();
      } finally {
        places.release();
      }
    }

    private static SshException busy() {
      return new SshException(
          SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS,
          "Too many key exchanges at once, please try again");
    }
  }
}
