package org.ongsung.protocols.ssh.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.future.DefaultCloseFuture;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.loop.LoopTimer;

/// One TCP connection on an event loop: MINA's [IoSession], and what a relay needs beyond it.
///
/// **Threads.** `sessionCreated` of the handler runs on a virtual thread; afterwards
/// `messageReceived`, `exceptionCaught` and `sessionClosed` run on the loop, but for the time in
/// which work is [off the loop][#offLoop]. They never overlap, and bytes arrive in order. Every
/// public method may be called from any thread.
///
/// **Writing.** [#writeBuffer] never blocks: it queues, and the loop writes at the end of what it
/// does now. The buffer belongs to the session until the future completes. Above
/// [TransportLimits#writeHighBytes] queued bytes the session stops being [writable][#isWritable],
/// at or below [TransportLimits#writeLowBytes] it is again; both are told to the
/// [WritabilityListener] on the loop. Whoever writes must then stop the source of the bytes, as
/// [#couple] does for a peer; past [TransportLimits#writeMaxBytes] the session is closed.
///
/// **Ending.** The peer's end of input (FIN) ends the session once what is queued has left, at most
/// [TransportLimits#closing] later. `close(false)` sends what is queued and FIN, and gives the peer
/// [TransportLimits#linger] to take it; `close(true)` drops the queue. [#shutdownOutputStream]
/// sends FIN after what is queued, and reading goes on.
public final class LoopSession extends AbstractCloseable implements IoSession {

  /// Told when a session's write queue passes its marks. Called on the session's loop.
  @FunctionalInterface
  public interface WritabilityListener {
    /// Tells what holds now; it may be told the same twice when the queue has moved fast.
    ///
    /// @param writable `false` above the high mark, `true` again at or below the low mark
    void writabilityChanged(LoopSession session, boolean writable);
  }

  /// Work that may block; see [LoopSession#offLoop].
  @FunctionalInterface
  interface Work {
    /// Does the work, and gives back the bytes that were not consumed: they come in again before
    /// any others.
    @Nullable Batch run() throws Exception;
  }

  private static final AtomicLong NUMBERS = new AtomicLong();

  // Reasons not to read, as bits.
  private static final int ASKED = 1;
  private static final int OFF_LOOP = 2;
  private static final int PEER_FULL = 4;
  private static final int ENDED = 8;
  private static final int FAILED = 16;

  private final long id = NUMBERS.incrementAndGet();
  private final SocketChannel channel;
  private final EventLoop loop;
  private final LoopService service;
  private final SocketAddress remoteAddress;
  private final SocketAddress localAddress;
  private final @Nullable SocketAddress acceptanceAddress;
  private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
  private final WriteQueue writes = new WriteQueue();
  private final AtomicLong heldBytes = new AtomicLong();
  private final AtomicInteger notReading = new AtomicInteger();
  private final AtomicBoolean flushAsked = new AtomicBoolean();
  private final AtomicBoolean writable = new AtomicBoolean(true);
  private final AtomicBoolean handshaking = new AtomicBoolean(true);
  private final AtomicBoolean closedTold = new AtomicBoolean();
  private volatile @Nullable WritabilityListener listener;
  private volatile @Nullable LoopSession peer;
  private volatile @Nullable DefaultCloseFuture draining;
  private volatile long openedNanos = System.nanoTime();
  private volatile long closingNanos;
  private volatile long activityNanos = openedNanos;
  private volatile boolean working;
  private volatile @Nullable BooleanSupplier authenticated;

  // Only the loop's thread touches what follows.
  private @Nullable SelectionKey key;
  private boolean kernelFull;
  private boolean lingering;

  LoopSession(
      LoopService service,
      EventLoop loop,
      SocketChannel channel,
      @Nullable SocketAddress acceptanceAddress)
      throws IOException {
    this(service, loop, channel, channel.getRemoteAddress(), acceptanceAddress);
  }

  /// @param remoteAddress who is at the other end, which may be behind a load balancer
  LoopSession(
      LoopService service,
      EventLoop loop,
      SocketChannel channel,
      SocketAddress remoteAddress,
      @Nullable SocketAddress acceptanceAddress)
      throws IOException {
    this.service = service;
    this.loop = loop;
    this.channel = channel;
    this.acceptanceAddress = acceptanceAddress;
    channel.configureBlocking(false);
    SocketAddress local = channel.getLocalAddress();
    if (local instanceof InetSocketAddress) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }
    this.remoteAddress = remoteAddress;
    this.localAddress = local;
  }

  /// The connection under an SSH session that runs on event loops.
  ///
  /// @throws IllegalArgumentException when it runs on another transport
  public static LoopSession of(Session session) {
    return of(session.getIoSession());
  }

  /// The same object, where it is a connection on an event loop.
  ///
  /// @throws IllegalArgumentException when it belongs to another transport
  public static LoopSession of(IoSession session) {
    if (session instanceof LoopSession loopSession) {
      return loopSession;
    }
    throw new IllegalArgumentException("Not a session on an event loop: " + session);
  }

  /// The loop that does this session's I/O, from its first to its last byte.
  public EventLoop loop() {
    return loop;
  }

  /// Whether the calling thread is this session's loop.
  public boolean isOnLoop() {
    return loop.isCurrent();
  }

  /// Runs a task on this session's loop, after those that came before it; even when the session has
  /// been closed.
  ///
  /// @throws RejectedExecutionException when too many tasks wait for the loop
  public void execute(Runnable task) {
    loop.execute(task);
  }

  /// Runs a task on this session's loop once `delay` has passed; even when the session has been
  /// closed.
  public LoopTimer schedule(Duration delay, Runnable task) {
    return loop.schedule(delay, task);
  }

  /// Bytes not yet taken by the kernel: queued here, or held back by MINA while the session
  /// re-keys.
  public long pendingWriteBytes() {
    return writes.bytes() + heldBytes.get();
  }

  /// Whether the queue is below its marks, so that more may be written.
  public boolean isWritable() {
    return writable.get();
  }

  /// Sets who is told when the queue passes its marks; replaces the one before, `null` removes it.
  public void onWritability(@Nullable WritabilityListener toTell) {
    this.listener = toTell;
  }

  /// Ties two sessions so that each is read only while the other is writable.
  ///
  /// For end-to-end flow control between the two legs of a relay; independent of [#suspendRead]. A
  /// session that holds packets back until a key exchange is over is read all the same: its peer
  /// has to say the rest of that exchange, and where both legs re-key at once each would wait for
  /// the other for ever. A peer that follows RFC 4253 section 7.1 sends no more than was on its way
  /// meanwhile; one that does not comes to [TransportLimits#writeMaxBytes].
  public static void couple(LoopSession one, LoopSession other) {
    one.peer = other;
    other.peer = one;
    one.holdPeer();
    other.holdPeer();
  }

  /// When the last byte came or went, as [System#nanoTime].
  public long lastActivityNanos() {
    return activityNanos;
  }

  // --- MINA's side

  @Override
  public long getId() {
    return id;
  }

  @Override
  public @Nullable SocketAddress getAcceptanceAddress() {
    return acceptanceAddress;
  }

  @Override
  public @Nullable Object getAttribute(Object name) {
    return attributes.get(name);
  }

  @Override
  public @Nullable Object setAttribute(Object name, Object value) {
    return attributes.put(name, value);
  }

  @Override
  public @Nullable Object setAttributeIfAbsent(Object name, Object value) {
    return attributes.putIfAbsent(name, value);
  }

  @Override
  public @Nullable Object removeAttribute(Object name) {
    return attributes.remove(name);
  }

  @Override
  public SocketAddress getRemoteAddress() {
    return remoteAddress;
  }

  @Override
  public SocketAddress getLocalAddress() {
    return localAddress;
  }

  @Override
  public IoService getService() {
    return service;
  }

  @Override
  public IoWriteFuture writeBuffer(Buffer buffer) {
    return write(new WriteQueue.Pending(remoteAddress, buffer));
  }

  @Override
  public void shutdownOutputStream() {
    write(new WriteQueue.Pending(remoteAddress, null));
  }

  private IoWriteFuture write(WriteQueue.Pending pending) {
    if (isClosing()) {
      pending.setValue(new ClosedChannelException());
      return pending;
    }
    long waiting = writes.add(pending);
    if (isClosed()) {
      writes.fail(new ClosedChannelException());
      return pending;
    }
    if (waiting > service.limits().writeMaxBytes()) {
      overflow(waiting);
      return pending;
    }
    checkMarks();
    askForFlush();
    return pending;
  }

  @Override
  public void suspendRead() {
    hold(ASKED);
  }

  @Override
  public void resumeRead() {
    release(ASKED);
  }

  // --- what the rest of the transport asks

  /// A packet of the loop's pool with room for a payload of `bytes`; null for small ones, and
  /// elsewhere than on the loop.
  PacketPool.@Nullable Pooled pooledPacket(int bytes) {
    return isOnLoop() ? loop.packets().packet(bytes) : null;
  }

  /// Counts bytes that MINA holds back until a key exchange is over; negative when they have been
  /// let go.
  void held(long bytes) {
    long waiting = heldBytes.addAndGet(bytes);
    if (waiting == 0 || waiting == bytes) {
      changeInterest();
    }
    if (waiting > service.limits().writeMaxBytes()) {
      overflow(waiting);
    } else {
      checkMarks();
    }
  }

  /// The session is an SSH session, whose peer has authenticated when `authenticated` says so.
  void authenticates(BooleanSupplier authenticated) {
    this.authenticated = authenticated;
  }

  /// The peer has authenticated: no handshake deadline any more, nor a place among the
  /// unauthenticated.
  void handshakeEnds() {
    if (handshaking.compareAndSet(true, false)) {
      service.handshakeEnded(this);
    }
  }

  boolean isHandshaking() {
    return handshaking.get();
  }

  /// Creates the handler's side on a virtual thread, then begins to read. For a new session, once.
  void begin() {
    Thread.ofVirtual()
        .name("ssh-new-" + id)
        .start(
            () -> {
              try {
                service.announce(this);
                service.handler().sessionCreated(this);
                service.manage(this);
              } catch (Exception | Error e) {
                service.beginFailed(this, e);
                return;
              }
              if (authenticated == null) {
                handshakeEnds();
              }
              loop.enqueue(this::register);
            });
  }

  /// Runs work that may block on a virtual thread; on the loop only, from within `messageReceived`.
  ///
  /// Until it is done, and what it left over has been taken in, nothing is read: exactly one of
  /// loop and work owns the session's input.
  void offLoop(Work work) {
    working = true;
    hold(OFF_LOOP);
    Thread.ofVirtual().name("ssh-control-" + id).start(() -> workOff(work));
  }

  private void workOff(Work work) {
    @Nullable Batch rest = null;
    try {
      rest = work.run();
    } catch (Exception | Error e) {
      failed(e);
    }
    Batch leftOver = rest;
    loop.enqueue(() -> takeBack(leftOver));
  }

  private void takeBack(@Nullable Batch leftOver) {
    working = false;
    if (isClosed()) {
      tellClosed();
      return;
    }
    if (leftOver != null && leftOver.left() > 0) {
      deliver(leftOver);
    }
    if (!working) {
      release(OFF_LOOP);
    }
  }

  /// The handler failed: it hears of it, and a last word that it wrote (DISCONNECT) still leaves.
  private void failed(Throwable cause) {
    hold(FAILED);
    tellHandler(cause);
    close(false);
  }

  /// The connection is broken. Whoever dialled wants to know why; that a client is gone is nothing
  /// special.
  private void broken(IOException cause) {
    if (acceptanceAddress == null) {
      tellHandler(cause);
    } else {
      log.debug("{} broke: {}", this, cause.toString());
    }
    close(true);
  }

  private void tellHandler(Throwable cause) {
    if (isClosed()) {
      return;
    }
    try {
      service.handler().exceptionCaught(this, cause);
    } catch (Exception | Error e) {
      log.debug("exceptionCaught({}) failed: {}", this, e.toString());
    }
  }

  private void overflow(long waiting) {
    log.warn(
        "Closing {}: {} bytes wait to be written, more than {}",
        this,
        waiting,
        service.limits().writeMaxBytes());
    close(true);
  }

  void checkDeadlines(long nowNanos) {
    TransportLimits limits = service.limits();
    if (isClosing()) {
      if (closingNanos != 0 && nowNanos - closingNanos > limits.closing().toNanos()) {
        close(true);
      }
    } else if (isHandshaking() && nowNanos - openedNanos > limits.handshake().toNanos()) {
      handshakeOverdue();
    } else if (!limits.idle().isZero() && nowNanos - activityNanos > limits.idle().toNanos()) {
      log.info("Closing {}: idle for {}", this, limits.idle());
      close(true);
    }
  }

  private void handshakeOverdue() {
    BooleanSupplier done = authenticated;
    if (done == null || done.getAsBoolean()) {
      handshakeEnds();
    } else {
      log.info("Closing {}: not authenticated within {}", this, service.limits().handshake());
      close(true);
    }
  }

  // --- reading

  private void register() {
    if (isClosed()) {
      return;
    }
    try {
      loop.adopt(this);
      key = loop.register(channel, interest(), this::ready);
      askForFlush();
    } catch (IOException e) {
      broken(e);
    }
  }

  private void ready(SelectionKey ready) {
    int operations = ready.readyOps();
    if ((operations & SelectionKey.OP_WRITE) != 0) {
      kernelFull = false;
      flush();
    }
    if ((operations & SelectionKey.OP_READ) != 0 && mayRead()) {
      read();
    }
  }

  private void read() {
    ByteBuffer shared = loop.readBuffer().clear();
    if (isHandshaking()) {
      shared.limit(service.limits().strangerBatchBytes());
    }
    int count;
    try {
      count = channel.read(shared);
    } catch (IOException e) {
      broken(e);
      return;
    }
    if (count < 0) {
      inputEnded();
    } else if (count > 0 && !lingering) {
      activityNanos = loop.nowNanos();
      if (!isHandshaking()) {
        loop.hasRead(count);
      }
      deliver(new Batch(shared.flip()));
    }
  }

  private void deliver(Batch batch) {
    try {
      service.handler().messageReceived(this, batch);
    } catch (Exception | Error e) {
      failed(e);
    }
  }

  private void inputEnded() {
    hold(ENDED);
    close(lingering || writes.isEmpty());
  }

  private void hold(int reason) {
    if ((notReading.getAndUpdate(bits -> bits | reason) & reason) == 0) {
      changeInterest();
    }
  }

  private void release(int reason) {
    if ((notReading.getAndUpdate(bits -> bits & ~reason) & reason) != 0) {
      changeInterest();
    }
  }

  private boolean mayRead() {
    int reasons = notReading.get();
    return reasons == 0 || (reasons == PEER_FULL && heldBytes.get() > 0);
  }

  private void changeInterest() {
    if (isOnLoop()) {
      applyInterest();
    } else {
      loop.enqueue(this::applyInterest);
    }
  }

  private void applyInterest() {
    SelectionKey current = key;
    if (current == null) {
      return;
    }
    try {
      int wanted = interest();
      if (current.interestOps() != wanted) {
        current.interestOps(wanted);
      }
    } catch (CancelledKeyException closedMeanwhile) {
      log.trace("{} was closed by another thread", this);
    }
  }

  private int interest() {
    return (mayRead() ? SelectionKey.OP_READ : 0) | (kernelFull ? SelectionKey.OP_WRITE : 0);
  }

  // --- writing

  private void askForFlush() {
    if (flushAsked.compareAndSet(false, true)) {
      if (isOnLoop()) {
        loop.flushLater(this);
      } else {
        loop.enqueue(this::flush);
      }
    }
  }

  /// Writes what is queued, as far as the kernel and this session's share of the turn allow. On the
  /// loop only.
  void flush() {
    flushAsked.set(false);
    if (isClosed() || kernelFull) {
      return;
    }
    try {
      long before = writes.written();
      WriteQueue.Flushed flushed =
          writes.flush(channel, loop.writeBuffer(), service.limits().writeBatchesPerTurn());
      if (writes.written() != before) {
        activityNanos = loop.nowNanos();
      }
      kernelFull = flushed == WriteQueue.Flushed.KERNEL_FULL;
      applyInterest();
      checkMarks();
      switch (flushed) {
        case ALL -> drained();
        case SHARE_USED -> askForFlush();
        case KERNEL_FULL -> {}
      }
    } catch (IOException e) {
      broken(e);
    }
  }

  /// Nothing is queued any more: where the session closes, this was its last byte.
  private void drained() throws IOException {
    DefaultCloseFuture waiting = draining;
    if (waiting == null || lingering || !writes.isEmpty()) {
      return;
    }
    if ((notReading.get() & ENDED) != 0) {
      waiting.setClosed();
      return;
    }
    // Closing a socket that has unread input resets it, and the peer would lose our last bytes:
    // send FIN, then
    // read and drop until the peer is done, for a while.
    lingering = true;
    channel.shutdownOutput();
    notReading.set(0);
    applyInterest();
    loop.schedule(service.limits().linger(), waiting::setClosed);
  }

  private void checkMarks() {
    long waiting = pendingWriteBytes();
    TransportLimits limits = service.limits();
    boolean changed =
        waiting > limits.writeHighBytes()
            ? writable.compareAndSet(true, false)
            : waiting <= limits.writeLowBytes() && writable.compareAndSet(false, true);
    if (changed) {
      holdPeer();
      WritabilityListener toTell = listener;
      if (toTell != null) {
        loop.enqueue(() -> toTell.writabilityChanged(this, writable.get()));
      }
    }
  }

  /// Stops or resumes reading of the peer, according to how full this session is.
  private void holdPeer() {
    LoopSession source = peer;
    if (source == null) {
      return;
    }
    // Another thread may fill or drain the queue in between and have its say before this one: look
    // again until what was said is what is so, or the peer would be held for ever.
    boolean full;
    do {
      full = isFull();
      if (full) {
        source.hold(PEER_FULL);
      } else {
        source.release(PEER_FULL);
      }
    } while (full != isFull());
  }

  private boolean isFull() {
    return !isClosed() && !writable.get();
  }

  // --- closing

  @Override
  protected void preClose() {
    closingNanos = System.nanoTime();
    super.preClose();
  }

  @Override
  protected CloseFuture doCloseGracefully() {
    DefaultCloseFuture whenDrained = new DefaultCloseFuture(this, null);
    draining = whenDrained;
    loop.enqueue(this::flush);
    return whenDrained;
  }

  @Override
  protected void doCloseImmediately() {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("Closing {} failed: {}", this, e.toString());
    }
    service.sessionClosed(this);
    super.doCloseImmediately();
    loop.enqueue(this::closedOnLoop);
  }

  private void closedOnLoop() {
    loop.forget(this);
    writes.fail(new ClosedChannelException());
    holdPeer();
    if (!working) {
      tellClosed();
    }
  }

  private void tellClosed() {
    if (!closedTold.compareAndSet(false, true)) {
      return;
    }
    try {
      service.handler().sessionClosed(this);
    } catch (Exception | Error e) {
      log.debug("sessionClosed({}) failed: {}", this, e.toString());
    }
    attributes.clear();
    peer = null;
    listener = null;
  }

  @Override
  public String toString() {
    return "ssh connection #" + id + " " + remoteAddress;
  }
}
