package org.ongsung.protocols.ssh.transport;

import java.time.Duration;

/// The bounds of the SSH event-loop transport; every queue, count and wait in it is one of these.
///
/// Bounds are inclusive: a value equal to the limit is still allowed. A zero `idle` means "never".
///
/// @param loops event loops (threads); one per core unless there is a reason
/// @param connectionsMax connections of all acceptors together; the next one is closed at once
/// @param handshakesMax accepted connections that have not authenticated yet; the next one is
///   closed at once
/// @param handshakesPerAddress the same of one address (of one /64 with IPv6); the next one is told
///   so and closed
/// @param acceptsPerTurn connections one listener takes in one turn of its loop
/// @param acceptBacklog connections the kernel holds for a listener
/// @param acceptBackoff how long a listener rests after `accept` failed (EMFILE and the like)
/// @param readBatchBytes the most that one session is read per turn of its loop; also each loop's
///   read buffer
/// @param strangerBatchBytes the same for a peer that has not authenticated; its packets are small
/// @param writeBatchBytes the most that goes to the kernel in one write; also each loop's write
///   buffer
/// @param writeBatchesPerTurn writes that one session may do per turn of its loop
/// @param tasksPerTurn tasks that a loop runs per turn
/// @param tasksMax tasks that may wait for one loop; [EventLoop#execute] refuses the next
/// @param writeHighBytes queued bytes above which a session stops being writable
/// @param writeLowBytes queued bytes at or below which it is writable again
/// @param writeMaxBytes queued bytes above which the session is closed: whoever writes ignored the
///   marks
/// @param connect how long an outgoing TCP connect may take
/// @param handshake how long an SSH connection may take from accept or connect to authenticated
/// @param idle how long a connection may move no byte either way; zero: for ever
/// @param closing how long queued bytes may take to leave after a graceful close or the peer's end
///   of input
/// @param linger how long the peer may take to end its side after we sent our last byte
/// @param keyExchangesAtOnce key exchange steps computed at once, counted apart for newcomers and
///   for authenticated sessions that re-key
/// @param keyExchangesWaiting steps that may wait for their turn, counted apart likewise; the next
///   is refused
/// @param keyExchangeWait how long a step may wait for its turn
public record TransportLimits(
    int loops,
    int connectionsMax,
    int handshakesMax,
    int handshakesPerAddress,
    int acceptsPerTurn,
    int acceptBacklog,
    Duration acceptBackoff,
    int readBatchBytes,
    int strangerBatchBytes,
    int writeBatchBytes,
    int writeBatchesPerTurn,
    int tasksPerTurn,
    int tasksMax,
    long writeHighBytes,
    long writeLowBytes,
    long writeMaxBytes,
    Duration connect,
    Duration handshake,
    Duration idle,
    Duration closing,
    Duration linger,
    int keyExchangesAtOnce,
    int keyExchangesWaiting,
    Duration keyExchangeWait) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /// What a gateway runs with unless told otherwise: one loop per core.
  public static final TransportLimits DEFAULT =
      forCores(Runtime.getRuntime().availableProcessors());

  public TransportLimits {
    range("loops", loops, 1, 1024);
    range("connectionsMax", connectionsMax, 1, 1_000_000);
    range("handshakesMax", handshakesMax, 1, 1_000_000);
    range("handshakesPerAddress", handshakesPerAddress, 1, 1_000_000);
    range("acceptsPerTurn", acceptsPerTurn, 1, 65_536);
    range("acceptBacklog", acceptBacklog, 1, 65_536);
    positive("acceptBackoff", acceptBackoff);
    range("readBatchBytes", readBatchBytes, 512, 64 * MIB);
    range("strangerBatchBytes", strangerBatchBytes, 512, readBatchBytes);
    range("writeBatchBytes", writeBatchBytes, 512, 64 * MIB);
    range("writeBatchesPerTurn", writeBatchesPerTurn, 1, 65_536);
    range("tasksPerTurn", tasksPerTurn, 1, 1_000_000);
    range("tasksMax", tasksMax, 1, 100_000_000);
    range("writeLowBytes", writeLowBytes, 0, writeHighBytes);
    range("writeHighBytes", writeHighBytes, 1, writeMaxBytes);
    positive("connect", connect);
    positive("handshake", handshake);
    if (idle.isNegative()) {
      throw new IllegalArgumentException("idle must not be negative: " + idle);
    }
    positive("closing", closing);
    positive("linger", linger);
    range("keyExchangesAtOnce", keyExchangesAtOnce, 1, 1024);
    range("keyExchangesWaiting", keyExchangesWaiting, 0, 1_000_000);
    positive("keyExchangeWait", keyExchangeWait);
  }

  /// The defaults for a machine with `cores` cores: a loop for each, and half of them (at least
  /// one) for key exchange.
  public static TransportLimits forCores(int cores) {
    return new TransportLimits(
        cores,
        20_000,
        4_096,
        256,
        64,
        1_024,
        Duration.ofMillis(200),
        256 * KIB,
        32 * KIB,
        256 * KIB,
        4,
        1_024,
        262_144,
        4L * MIB,
        1L * MIB,
        64L * MIB,
        Duration.ofSeconds(30),
        Duration.ofSeconds(120),
        Duration.ZERO,
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        Math.max(1, cores / 2),
        2_048,
        Duration.ofSeconds(30));
  }

  /// These limits with other counts of connections.
  public TransportLimits withConnections(int connections, int handshakes) {
    return new TransportLimits(
        loops,
        connections,
        handshakes,
        handshakesPerAddress,
        acceptsPerTurn,
        acceptBacklog,
        acceptBackoff,
        readBatchBytes,
        strangerBatchBytes,
        writeBatchBytes,
        writeBatchesPerTurn,
        tasksPerTurn,
        tasksMax,
        writeHighBytes,
        writeLowBytes,
        writeMaxBytes,
        connect,
        handshake,
        idle,
        closing,
        linger,
        keyExchangesAtOnce,
        keyExchangesWaiting,
        keyExchangeWait);
  }

  /// These limits with another bound on the newcomers of one address.
  public TransportLimits withHandshakesPerAddress(int handshakes) {
    return new TransportLimits(
        loops,
        connectionsMax,
        handshakesMax,
        handshakes,
        acceptsPerTurn,
        acceptBacklog,
        acceptBackoff,
        readBatchBytes,
        strangerBatchBytes,
        writeBatchBytes,
        writeBatchesPerTurn,
        tasksPerTurn,
        tasksMax,
        writeHighBytes,
        writeLowBytes,
        writeMaxBytes,
        connect,
        handshake,
        idle,
        closing,
        linger,
        keyExchangesAtOnce,
        keyExchangesWaiting,
        keyExchangeWait);
  }

  /// These limits with other pieces that sessions are read in.
  public TransportLimits withReadBatches(int bytes, int ofStrangersBytes) {
    return new TransportLimits(
        loops,
        connectionsMax,
        handshakesMax,
        handshakesPerAddress,
        acceptsPerTurn,
        acceptBacklog,
        acceptBackoff,
        bytes,
        ofStrangersBytes,
        writeBatchBytes,
        writeBatchesPerTurn,
        tasksPerTurn,
        tasksMax,
        writeHighBytes,
        writeLowBytes,
        writeMaxBytes,
        connect,
        handshake,
        idle,
        closing,
        linger,
        keyExchangesAtOnce,
        keyExchangesWaiting,
        keyExchangeWait);
  }

  /// These limits with other marks on a session's write queue.
  public TransportLimits withWriteMarks(long lowBytes, long highBytes, long maxBytes) {
    return new TransportLimits(
        loops,
        connectionsMax,
        handshakesMax,
        handshakesPerAddress,
        acceptsPerTurn,
        acceptBacklog,
        acceptBackoff,
        readBatchBytes,
        strangerBatchBytes,
        writeBatchBytes,
        writeBatchesPerTurn,
        tasksPerTurn,
        tasksMax,
        highBytes,
        lowBytes,
        maxBytes,
        connect,
        handshake,
        idle,
        closing,
        linger,
        keyExchangesAtOnce,
        keyExchangesWaiting,
        keyExchangeWait);
  }

  /// These limits with other deadlines.
  public TransportLimits withDeadlines(Duration toHandshake, Duration whenIdle, Duration toClose) {
    return new TransportLimits(
        loops,
        connectionsMax,
        handshakesMax,
        handshakesPerAddress,
        acceptsPerTurn,
        acceptBacklog,
        acceptBackoff,
        readBatchBytes,
        strangerBatchBytes,
        writeBatchBytes,
        writeBatchesPerTurn,
        tasksPerTurn,
        tasksMax,
        writeHighBytes,
        writeLowBytes,
        writeMaxBytes,
        connect,
        toHandshake,
        whenIdle,
        toClose,
        linger,
        keyExchangesAtOnce,
        keyExchangesWaiting,
        keyExchangeWait);
  }

  /// These limits with other bounds on key exchange.
  public TransportLimits withKeyExchanges(int atOnce, int waiting, Duration wait) {
    return new TransportLimits(
        loops,
        connectionsMax,
        handshakesMax,
        handshakesPerAddress,
        acceptsPerTurn,
        acceptBacklog,
        acceptBackoff,
        readBatchBytes,
        strangerBatchBytes,
        writeBatchBytes,
        writeBatchesPerTurn,
        tasksPerTurn,
        tasksMax,
        writeHighBytes,
        writeLowBytes,
        writeMaxBytes,
        connect,
        handshake,
        idle,
        closing,
        linger,
        atOnce,
        waiting,
        wait);
  }

  private static void range(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " must lie in " + min + ".." + max + ": " + value);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
