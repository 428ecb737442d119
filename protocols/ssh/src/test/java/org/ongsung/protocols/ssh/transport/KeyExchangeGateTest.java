package org.ongsung.protocols.ssh.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeyExchangeGateTest {

  private final CountDownLatch go = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  private static KeyExchangeGate gate(int atOnce, int waiting, Duration wait) {
    return new KeyExchangeGate(TransportLimits.forCores(2).withKeyExchanges(atOnce, waiting, wait));
  }

  /// Takes a place and keeps it until `go`; returns when it has it.
  private void occupy(KeyExchangeGate gate, boolean ofAuthenticated) throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    threads.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    gate.step(
                        ofAuthenticated,
                        () -> {
                          inside.countDown();
                          return go.await(60, TimeUnit.SECONDS);
                        });
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }));
    assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
  }

  /// Begins to wait for a place, and returns when it waits as the `n`th.
  private void queueUp(KeyExchangeGate gate, Runnable then, int n) throws Exception {
    threads.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    gate.step(
                        false,
                        () -> {
                          then.run();
                          return true;
                        });
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }));
    while (gate.waiting() < n) {
      Thread.sleep(1);
    }
  }

  @AfterEach
  void letAllGo() throws Exception {
    go.countDown();
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(30));
    }
  }

  @Test
  void whoWaitsIsServedInOrder() throws Exception {
    KeyExchangeGate gate = gate(1, 10, Duration.ofSeconds(60));
    occupy(gate, false);
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    for (int i = 1; i <= 5; i++) {
      int number = i;
      queueUp(gate, () -> served.add(number), i);
    }
    letAllGo();
    assertThat(served).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void asManyMayWaitAsTheLimitSaysAndTheNextIsRefused() throws Exception {
    KeyExchangeGate gate = gate(1, 3, Duration.ofSeconds(60));
    occupy(gate, false);
    for (int i = 1; i <= 3; i++) {
      queueUp(gate, () -> {}, i);
    }
    assertThatThrownBy(() -> gate.step(false, () -> true))
        .isInstanceOfSatisfying(
            SshException.class,
            e ->
                assertThat(e.getDisconnectCode())
                    .isEqualTo(SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS));
  }

  @Test
  void whoWaitedTooLongIsRefused() throws Exception {
    KeyExchangeGate gate = gate(1, 3, Duration.ofMillis(50));
    occupy(gate, false);
    assertThatThrownBy(() -> gate.step(false, () -> true)).isInstanceOf(SshException.class);
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void newcomersDoNotDelayThoseWhoAreAtWork() throws Exception {
    KeyExchangeGate gate = gate(1, 0, Duration.ofSeconds(60));
    occupy(gate, false);
    assertThat(gate.step(true, () -> "done")).isEqualTo("done");
  }

  @Test
  void aStepThatFailsGivesItsPlaceBack() throws Exception {
    KeyExchangeGate gate = gate(1, 0, Duration.ofSeconds(60));
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  gate.step(
                      false,
                      () -> {
                        throw new IllegalStateException("no");
                      }))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(gate.step(false, () -> 1)).isEqualTo(1);
  }
}
