package org.ongsung.gateway.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TerminalInputQueueTest {
  private final AtomicInteger rooms = new AtomicInteger();
  private final TerminalInputQueue queue = new TerminalInputQueue(rooms::incrementAndGet);

  private static TerminalInput typed(int bytes) {
    return new TerminalInput.Typed(new byte[bytes]);
  }

  @Test
  void whatWasTypedComesInOrderAndItsEndLast() throws InterruptedException {
    queue.add(typed(1));
    queue.add(new TerminalInput.Resized(80, 24));
    queue.add(new TerminalInput.Resized(81, 25));
    queue.add(new TerminalInput.Left());
    queue.add(typed(9));
    assertThat(queue.next()).isInstanceOf(TerminalInput.Typed.class);
    assertThat(queue.next()).isEqualTo(new TerminalInput.Resized(81, 25));
    assertThat(queue.next()).isInstanceOf(TerminalInput.Left.class);
    assertThat(queue.next()).isInstanceOf(TerminalInput.Left.class);
  }

  @Test
  void thereIsNoRoomAtTheBoundAndTheListenerIsToldOfRoomOnce() throws InterruptedException {
    queue.add(typed(100));
    int entries = 2 * TerminalInputQueue.ENTRY_BYTES;
    queue.add(typed(TerminalInputQueue.MAX_BYTES - 1 - 100 - entries));
    assertThat(queue.hasRoom()).isTrue();
    queue.add(typed(1));
    assertThat(queue.hasRoom()).isFalse();
    queue.next();
    assertThat(queue.hasRoom()).isTrue();
    queue.next();
    assertThat(rooms).hasValue(1);
  }

  @Test
  void hangingUpEndsAWaitAndDropsWhatWaits() throws InterruptedException {
    Thread asking =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    queue.next();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    queue.hangUp();
    asking.join();
    queue.add(typed(TerminalInputQueue.MAX_BYTES * 2));
    assertThat(queue.hasRoom()).isTrue();
    assertThat(queue.next()).isInstanceOf(TerminalInput.Left.class);
  }
}
