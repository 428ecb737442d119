package org.ongsung.gateway.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SelectorLoopTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int TASKS_MAX = 3;

  private final SelectorLoop loop =
      new SelectorLoop("loop-of-a-test", new SelectorLoop.Limits(2, TASKS_MAX));

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
    assertThat(loop.join(DEADLINE)).isTrue();
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void asManyTasksWaitAsMayAndTheNextIsRefused() throws InterruptedException {
    AtomicInteger ran = new AtomicInteger();
    CountDownLatch last = new CountDownLatch(TASKS_MAX);
    for (int i = 0; i < TASKS_MAX; i++) {
      loop.execute(
          () -> {
            ran.incrementAndGet();
            last.countDown();
          });
    }
    assertThatThrownBy(() -> loop.execute(ran::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class);
    loop.start();
    await(last);
    assertThat(ran).hasValue(TASKS_MAX);
  }

  @Test
  void aTaskThatFailsHarmsNoOther() throws InterruptedException {
    CountDownLatch next = new CountDownLatch(1);
    loop.execute(
        () -> {
          throw new IllegalStateException("a mistake");
        });
    loop.execute(next::countDown);
    loop.start();
    await(next);
  }

  @Test
  void whatIsHandledForASocketAndFailsHarmsNoOther() throws Exception {
    Pipe pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    CountDownLatch told = new CountDownLatch(2);
    loop.execute(
        () -> {
          try {
            loop.register(
                pipe.source(),
                SelectionKey.OP_READ,
                key -> {
                  told.countDown();
                  throw new IllegalStateException("a mistake");
                });
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    loop.start();
    pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
    await(told); // told again, since nobody has read
    pipe.sink().close();
    pipe.source().close();
  }

  @Test
  void timersRunInTheirOrderUnlessCancelled() throws InterruptedException {
    StringBuilder order = new StringBuilder();
    CountDownLatch last = new CountDownLatch(1);
    loop.execute(
        () -> {
          loop.schedule(Duration.ofMillis(40), last::countDown);
          loop.schedule(Duration.ofMillis(20), () -> order.append('b'));
          loop.schedule(Duration.ofMillis(10), () -> order.append('a'));
          loop.schedule(Duration.ofMillis(15), () -> order.append('x')).cancel();
        });
    loop.start();
    await(last);
    assertThat(order).hasToString("ab");
  }

  @Test
  void whatIsToBeClosedAfterTheEndIsClosedByWhoeverAsks() throws InterruptedException {
    loop.start();
    loop.stop();
    assertThat(loop.join(DEADLINE)).isTrue();
    AtomicInteger ran = new AtomicInteger();
    loop.enqueue(ran::incrementAndGet);
    assertThat(ran).hasValue(1);
    assertThatThrownBy(() -> loop.execute(ran::incrementAndGet))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
