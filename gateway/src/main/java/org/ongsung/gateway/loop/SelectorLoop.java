package org.ongsung.gateway.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that waits for sockets and runs what they are ready for.
///
/// A turn: wait for sockets, each of which is handled by its [Ready]; then up to
/// [Limits#tasksPerTurn] tasks, due timers, and what a protocol adds ([#turnEnds]). Nothing run
/// here may block or take longer than about a millisecond. What a task or a socket's handler throws
/// is logged and harms nobody else.
public class SelectorLoop implements Executor {
  /// How much of its tasks a loop does and keeps.
  ///
  /// @param tasksPerTurn tasks and timers that it runs per turn, at least 1
  /// @param tasksMax tasks that may wait; [SelectorLoop#execute] refuses the next
  public record Limits(int tasksPerTurn, int tasksMax) {
    public Limits {
      if (tasksPerTurn < 1 || tasksMax < 1) {
        throw new IllegalArgumentException("limits of a loop are at least 1");
      }
    }
  }

  /// What stands behind a selection key: told when its channel is ready.
  @FunctionalInterface
  public interface Ready {
    void ready(SelectionKey key) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(SelectorLoop.class);

  /// A few keys or a line, encrypted.
  private static final int LITTLE_BYTES = 256;

  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Limits limits;
  private final Selector selector;
  private final String name;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile @Nullable Thread thread;
  private volatile boolean stopping;
  private volatile boolean ended;

  // Only the loop's thread touches what follows.
  private final PriorityQueue<LoopTimer> timers = new PriorityQueue<>();
  private final LookAgain lookAgain = new LookAgain();
  private boolean readLittle;
  private boolean readMuch;
  private long timersMade;
  private long sweepNanos = System.nanoTime() + SWEEP_NANOS;
  private long nowNanos = System.nanoTime();

  /// @param name of its thread
  public SelectorLoop(String name, Limits limits) {
    this.name = name;
    this.limits = limits;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for " + name, e);
    }
  }

  /// Starts its thread. Once.
  public final void start() {
    Thread made = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    thread = made;
    made.start();
  }

  /// Whether the calling thread is this loop's.
  public final boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /// Runs a task on the loop, after those that came before it; from any thread.
  ///
  /// @throws RejectedExecutionException when [Limits#tasksMax] tasks wait already, or the loop has
  ///   ended
  @Override
  public final void execute(Runnable task) {
    if (waiting.get() >= limits.tasksMax()) {
      throw new RejectedExecutionException("too many tasks wait for an event loop");
    }
    if (ended) {
      throw new RejectedExecutionException("the event loop has ended");
    }
    enqueue(task);
  }

  /// Runs a task of a transport itself, whose number is bounded by that of the sessions. When the
  /// loop has ended, on the caller's thread, so that what is to be closed gets closed.
  public final void enqueue(Runnable task) {
    waiting.incrementAndGet();
    tasks.add(task);
    if (ended && tasks.remove(task)) {
      guarded(task);
      return;
    }
    if (!isCurrent()) {
      wakeUp();
    }
  }

  /// Runs a task on the loop once `delay` has passed; from any thread.
  ///
  /// @throws RejectedExecutionException like [#execute], when called from elsewhere
  public final LoopTimer schedule(Duration delay, Runnable task) {
    long due = System.nanoTime() + delay.toNanos();
    if (isCurrent()) {
      LoopTimer timer = new LoopTimer(due, timersMade++, task);
      timers.add(timer);
      return timer;
    }
    LoopTimer timer = new LoopTimer(due, 0, task);
    execute(() -> timers.add(timer));
    return timer;
  }

  /// The last look at the clock, as [System#nanoTime]; cheap, and at most one turn old.
  public final long nowNanos() {
    return nowNanos;
  }

  /// Has `ready` told, on the loop's thread, which calls this.
  public final SelectionKey register(SelectableChannel channel, int ops, Ready ready)
      throws IOException {
    return channel.register(selector, ops, ready);
  }

  /// A session that is past its login has read so many bytes in this turn.
  public final void hasRead(int bytes) {
    if (bytes <= LITTLE_BYTES) {
      readLittle = true;
    } else {
      readMuch = true;
    }
  }

  /// Ends the loop after the tasks that wait now; sessions should have been closed before.
  public final void stop() {
    stopping = true;
    wakeUp();
  }

  /// Waits for its end.
  ///
  /// @return whether its thread has ended within `wait`
  public final boolean join(Duration wait) throws InterruptedException {
    Thread started = thread;
    return started == null || started.join(wait);
  }

  // What a protocol may add, on the loop's thread.

  /// Carries the loop's whole run.
  protected void carry(Runnable run) {
    run.run();
  }

  /// Whether there is something to do at once, so that a turn does not wait.
  protected boolean isBusy() {
    return false;
  }

  /// A socket was handled.
  protected void handled() {}

  /// Tasks and timers of this turn have run.
  protected void turnEnds() {}

  /// About once a second.
  protected void sweep() {}

  /// The loop takes no more turns; tasks that still wait run after this.
  protected void ending() {}

  /// Nothing runs any more.
  protected void over() {}

  private void wakeUp() {
    if (woken.compareAndSet(false, true)) {
      selector.wakeup();
    }
  }

  private void run() {
    try {
      carry(
          () -> {
            while (selector.isOpen() && (!stopping || !tasks.isEmpty())) {
              guarded(this::turn);
            }
          });
    } catch (RuntimeException e) {
      LOG.error("an event loop ended by mistake", e);
    } finally {
      end();
    }
  }

  private void turn() {
    try {
      select();
    } catch (IOException | RuntimeException e) {
      LOG.error("selecting sockets failed", e);
    }
    nowNanos = System.nanoTime();
    runTasks();
    runTimers();
    sweepWhenDue();
    turnEnds();
  }

  private void select() throws IOException {
    if (!tasks.isEmpty() || isBusy() || stopping) {
      selector.selectNow(this::dispatch);
    } else if (readLittle && !readMuch) {
      selectSoon();
    } else {
      readLittle = false;
      readMuch = false;
      selector.select(this::dispatch, millisToWait());
    }
    woken.set(false);
  }

  /// After a turn that read nothing but a little, looks for more for a moment before it waits: the
  /// answer to a key press comes within that moment, and waking a thread would take longer than
  /// handling it (docs/adr/0032). It yields between two looks: where there are few processors,
  /// whoever makes that answer may be waiting for this one.
  @SuppressWarnings("ThreadPriorityCheck")
  private void selectSoon() throws IOException {
    readLittle = false;
    long began = System.nanoTime();
    long until = began + lookAgain.nanos();
    do {
      if (selector.selectNow(this::dispatch) > 0 || !tasks.isEmpty() || stopping) {
        lookAgain.answered(System.nanoTime() - began);
        return;
      }
      Thread.yield();
    } while (System.nanoTime() - until < 0);
    selector.select(this::dispatch, millisToWait());
    lookAgain.answered(System.nanoTime() - began);
  }

  private long millisToWait() {
    long now = System.nanoTime();
    long nanos = sweepNanos - now;
    LoopTimer next = timers.peek();
    if (next != null) {
      nanos = Math.min(nanos, next.nanosUntilDue(now));
    }
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
  }

  private void dispatch(SelectionKey key) {
    nowNanos = System.nanoTime();
    guarded(
        () -> {
          try {
            ((Ready) key.attachment()).ready(key);
          } catch (CancelledKeyException closedMeanwhile) {
            LOG.trace("a channel was closed while it became ready");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    handled();
  }

  private void runTasks() {
    for (int i = 0; i < limits.tasksPerTurn(); i++) {
      Runnable task = tasks.poll();
      if (task == null) {
        return;
      }
      waiting.decrementAndGet();
      guarded(task);
    }
  }

  private void runTimers() {
    for (int i = 0; i < limits.tasksPerTurn(); i++) {
      LoopTimer next = timers.peek();
      if (next == null || (!next.cancelled() && next.nanosUntilDue(nowNanos) > 0)) {
        return;
      }
      timers.remove();
      if (!next.cancelled()) {
        guarded(next.task());
      }
    }
  }

  /// Once a second: timers that were cancelled, and whatever a protocol looks after.
  private void sweepWhenDue() {
    if (sweepNanos - nowNanos > 0) {
      return;
    }
    sweepNanos = nowNanos + SWEEP_NANOS;
    timers.removeIf(LoopTimer::cancelled);
    guarded(this::sweep);
  }

  /// Whatever a task throws, the loop goes on: it carries the sessions of others.
  protected static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      report(e);
    }
  }

  private static void report(Throwable cause) {
    try {
      LOG.error("a task of an event loop failed", cause);
    } catch (RuntimeException | Error alsoLogging) {
      // Without memory or descriptors even logging fails; there is nobody left to tell.
    }
  }

  private void end() {
    guarded(this::ending);
    ended = true;
    for (@Nullable Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      guarded(task);
    }
    try {
      // Deregisters what was closed, which frees the descriptors.
      selector.selectNow();
      selector.close();
    } catch (IOException e) {
      LOG.warn("closing a selector failed", e);
    }
    over();
  }
}
