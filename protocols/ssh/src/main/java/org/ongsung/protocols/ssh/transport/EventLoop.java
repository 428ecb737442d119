package org.ongsung.protocols.ssh.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that does all socket I/O of its sessions.
///
/// A turn: wait for sockets; each ready session reads one batch and what that wrote is flushed;
/// then up to [TransportLimits#tasksPerTurn] tasks, due timers, and a flush of whatever they wrote.
/// Nothing run here may block or take longer than about a millisecond. What a task or a session
/// throws is logged and harms nobody else.
///
/// MINA sees the loop's thread as one of its own ([ThreadUtils#isInternalThread]), so channel data
/// written here while a session re-keys is queued and never blocks the loop.
public final class EventLoop implements Executor {

  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  /// A few keys or a line, encrypted.
  private static final int LITTLE_BYTES = 256;

  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// What stands behind a selection key: told when its channel is ready.
  interface Ready {
    void ready(SelectionKey key) throws IOException;
  }

  private final TransportLimits limits;
  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile boolean stopping;
  private volatile boolean ended;

  // Only the loop's thread touches what follows.
  private final Arena arena = Arena.ofShared();
  private final ByteBuffer readBuffer;
  private final ByteBuffer writeBuffer;
  private final PacketPool packets = new PacketPool();
  private final ArrayDeque<LoopSession> dirty = new ArrayDeque<>();
  private final PriorityQueue<LoopTimer> timers = new PriorityQueue<>();
  private final Set<LoopSession> sessions = new LinkedHashSet<>();
  private final LookAgain lookAgain = new LookAgain();
  private boolean readLittle;
  private boolean readMuch;
  private long timersMade;
  private long sweepNanos = System.nanoTime() + SWEEP_NANOS;
  private long nowNanos = System.nanoTime();

  EventLoop(int number, TransportLimits limits) {
    this.limits = limits;
    this.readBuffer = arena.allocate(limits.readBatchBytes()).asByteBuffer();
    this.writeBuffer = arena.allocate(limits.writeBatchBytes()).asByteBuffer();
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException("No selector for an SSH event loop", e);
    }
    this.thread = Thread.ofPlatform().name("ssh-loop-" + number).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Whether the calling thread is this loop's.
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /// Runs a task on the loop, after those that came before it; from any thread.
  ///
  /// @throws RejectedExecutionException when [TransportLimits#tasksMax] tasks wait already, or the
  ///   loop has ended
  @Override
  public void execute(Runnable task) {
    if (waiting.get() >= limits.tasksMax()) {
      throw new RejectedExecutionException("Too many tasks wait for an SSH event loop");
    }
    if (ended) {
      throw new RejectedExecutionException("The SSH event loop has ended");
    }
    enqueue(task);
  }

  /// Runs a task of the transport itself, whose number is bounded by that of the sessions. When the
  /// loop has ended, on the caller's thread, so that what is to be closed gets closed.
  void enqueue(Runnable task) {
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
  public LoopTimer schedule(Duration delay, Runnable task) {
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
  long nowNanos() {
    return nowNanos;
  }

  ByteBuffer readBuffer() {
    return readBuffer;
  }

  ByteBuffer writeBuffer() {
    return writeBuffer;
  }

  PacketPool packets() {
    return packets;
  }

  SelectionKey register(SelectableChannel channel, int ops, Ready ready) throws IOException {
    return channel.register(selector, ops, ready);
  }

  void adopt(LoopSession session) {
    sessions.add(session);
  }

  void forget(LoopSession session) {
    sessions.remove(session);
  }

  /// Has the session flushed at the end of what runs now.
  void flushLater(LoopSession session) {
    dirty.add(session);
  }

  /// Ends the loop after the tasks that wait now; sessions should have been closed before.
  void stop() {
    stopping = true;
    wakeUp();
  }

  boolean join(Duration wait) throws InterruptedException {
    return thread.join(wait);
  }

  private void wakeUp() {
    if (woken.compareAndSet(false, true)) {
      selector.wakeup();
    }
  }

  private void run() {
    try {
      ThreadUtils.runAsInternal(
          () -> {
            while (selector.isOpen() && (!stopping || !tasks.isEmpty())) {
              guarded(this::turn);
            }
            return null;
          });
    } catch (Exception e) {
      LOG.error("An SSH event loop ended by mistake", e);
    } finally {
      end();
    }
  }

  private void turn() {
    try {
      select();
    } catch (IOException | RuntimeException e) {
      LOG.error("Selecting sockets failed", e);
    }
    nowNanos = System.nanoTime();
    runTasks();
    runTimers();
    sweep();
    flushDirty();
  }

  private void select() throws IOException {
    if (!tasks.isEmpty() || !dirty.isEmpty() || stopping) {
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

  /// A session that is past its login has read so many bytes in this turn.
  void hasRead(int bytes) {
    if (bytes <= LITTLE_BYTES) {
      readLittle = true;
    } else {
      readMuch = true;
    }
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
            LOG.trace("A channel was closed while it became ready");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    flushDirty();
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

  /// Once a second: deadlines of the sessions, and timers that were cancelled.
  private void sweep() {
    if (sweepNanos - nowNanos > 0) {
      return;
    }
    sweepNanos = nowNanos + SWEEP_NANOS;
    timers.removeIf(LoopTimer::cancelled);
    for (LoopSession session : new ArrayList<>(sessions)) {
      guarded(() -> session.checkDeadlines(nowNanos));
    }
  }

  private void flushDirty() {
    // Only those that are dirty now: a session that has more to write than its share marks itself
    // again.
    for (int i = dirty.size(); i > 0; i--) {
      LoopSession session = dirty.poll();
      if (session == null) {
        return;
      }
      guarded(session::flush);
    }
  }

  /// Whatever a task throws, the loop goes on: it carries the sessions of others.
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      report(e);
    }
  }

  private static void report(Throwable cause) {
    try {
      LOG.error("A task of an SSH event loop failed", cause);
    } catch (RuntimeException | Error alsoLogging) {
      // Without memory or descriptors even logging fails; there is nobody left to tell.
    }
  }

  private void end() {
    for (LoopSession session : new ArrayList<>(sessions)) {
      guarded(() -> session.close(true));
    }
    ended = true;
    for (@Nullable Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      guarded(task);
    }
    try {
      // Deregisters what was closed, which frees the descriptors.
      selector.selectNow();
      selector.close();
    } catch (IOException e) {
      LOG.warn("Closing a selector failed", e);
    }
    arena.close();
  }
}
