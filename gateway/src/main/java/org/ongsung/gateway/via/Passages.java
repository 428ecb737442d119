package org.ongsung.gateway.via;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.ForbiddenAddresses;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.Target;

/// Where whoever dials asks for a passage, and workers ask whom to connect to.
///
/// A worker asks again and again ([#dials]), also when it has nothing to do, and says each time
/// what it holds: that is its sign of life. Several processes with one name are one worker; a
/// passage belongs to the process that took it.
///
/// Threads: any; what waits blocks its thread, which ought to be a virtual one.
public final class Passages implements AutoCloseable {
  /// The label of a target that only one worker reaches; its value is that worker's name.
  public static final String WORKER_LABEL = "worker";

  /// The most passages that a worker may speak of at once, inclusive.
  public static final int MAX_HELD = 2_000;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;
  private static final long LOOK_MILLIS = 500;

  /// What a worker is asked for.
  ///
  /// @param gone what it holds and is to let go
  public record Dials(List<Passage> wanted, List<String> gone) {}

  /// One worker, as far as it asked.
  private static final class Desk {
    final Deque<Passage> waiting = new ArrayDeque<>();
    int asking;
    long heardNanos = System.nanoTime();
  }

  private final String self;
  private final PassageLimits limits;
  private final PassageChannels channels;
  private final Map<String, Passage> passages = new ConcurrentHashMap<>();
  private final Thread watch;

  // Guarded by this.
  private final Map<String, Desk> desks = new HashMap<>();
  private boolean stopped;

  /// @param self the worker in this process, which needs no passage
  public Passages(String self, PassageLimits limits) {
    this.self = self;
    this.limits = limits;
    this.channels = new PassageChannels(limits.linger());
    this.watch = Thread.ofVirtual().name("passages").start(this::watch);
  }

  /// The bounds that hold here.
  public PassageLimits limits() {
    return limits;
  }

  /// The worker by which a target is reached; empty for one that is dialled from here.
  public Optional<String> workerOf(Target target) {
    return Optional.ofNullable(target.labels().get(WORKER_LABEL))
        .filter(worker -> !worker.isEmpty() && !worker.equals(self));
  }

  /// The workers that ask now, and how many passages each has.
  public synchronized Map<String, Integer> joined() {
    Map<String, Integer> joined = new TreeMap<>();
    desks.forEach(
        (name, desk) -> {
          if (isJoined(desk)) {
            joined.put(name, 0);
          }
        });
    passages.values().forEach(one -> joined.computeIfPresent(one.worker(), (_, n) -> n + 1));
    return joined;
  }

  private boolean isJoined(Desk desk) {
    return desk.asking > 0
        || System.nanoTime() - desk.heardNanos < limits.poll().multipliedBy(2).toNanos();
  }

  // Who dials.

  /// Has a worker connect to `address`. Blocks.
  public Passage open(String worker, HostAndPort address, Duration patience)
      throws PassageRefusedException, InterruptedException {
    ConnectionGuard.assertNoneHeld("a worker's connection");
    if (ForbiddenAddresses.containsLiteral(address.host())) {
      throw new PassageRefusedException(PassageRefusedException.Reason.FORBIDDEN);
    }
    Passage passage = ask(worker, address);
    try {
      return passage.dialled().get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new PassageRefusedException(
          passage.wasTaken()
              ? PassageRefusedException.Reason.TIMEOUT
              : PassageRefusedException.Reason.NO_WORKER);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof PassageRefusedException refused
          ? refused
          : new PassageRefusedException(PassageRefusedException.Reason.NO_WORKER);
    } finally {
      if (!passage.dialled().isDone() || passage.dialled().isCompletedExceptionally()) {
        passage.close();
      }
    }
  }

  private synchronized Passage ask(String worker, HostAndPort address)
      throws PassageRefusedException {
    Desk desk = desks.get(worker);
    if (desk == null || stopped || !isJoined(desk)) {
      throw new PassageRefusedException(PassageRefusedException.Reason.NO_WORKER);
    }
    if (passages.size() >= limits.passages()) {
      throw new PassageRefusedException(PassageRefusedException.Reason.FULL);
    }
    Passage passage = new Passage(newId(), worker, address, this, limits.bufferBytes());
    passages.put(passage.id(), passage);
    desk.waiting.addLast(passage);
    notifyAll();
    return passage;
  }

  /// The passage as a channel that an event loop can wait for; closing it closes the passage.
  public SocketChannel channel(Passage passage) throws IOException {
    return channels.open(passage);
  }

  void forget(Passage passage) {
    passages.remove(passage.id(), passage);
    synchronized (this) {
      Desk desk = desks.get(passage.worker());
      if (desk != null) {
        desk.waiting.remove(passage);
      }
    }
  }

  // Workers.

  /// Where a process of a worker is to connect to, apart from what it holds or tries already.
  ///
  /// @param process what the process calls itself; another one never gets its passages
  /// @param held the ids of its passages, those that it is dialling among them
  /// @param patience how long to wait for one, at most [PassageLimits#poll]
  public Dials dials(Name worker, String process, Set<String> held, Duration patience)
      throws InterruptedException {
    List<String> gone = new ArrayList<>();
    for (String id : held) {
      Passage passage = passages.get(id);
      if (passage == null || !passage.isOf(process) || !isWorkers(passage, worker)) {
        gone.add(id);
      } else {
        passage.heard();
      }
    }
    Duration wait = patience.compareTo(limits.poll()) < 0 ? patience : limits.poll();
    long until = System.nanoTime() + (gone.isEmpty() ? wait.toNanos() : 0);
    synchronized (this) {
      Desk desk = desk(worker.value());
      if (desk == null) {
        return new Dials(List.of(), gone);
      }
      desk.asking++;
      try {
        while (true) {
          List<Passage> wanted = wanted(desk, process, held);
          long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
          if (!wanted.isEmpty() || left <= 0 || stopped) {
            return new Dials(wanted, gone);
          }
          wait(left);
        }
      } finally {
        desk.asking--;
        desk.heardNanos = System.nanoTime();
      }
    }
  }

  private @Nullable Desk desk(String worker) {
    Desk desk = desks.get(worker);
    if (desk == null && desks.size() < limits.workers() && !stopped) {
      desk = new Desk();
      desks.put(worker, desk);
    }
    return desk;
  }

  /// Those of this process that it does not know of, so that a lost answer loses none; else the one
  /// that waits longest, so that others get theirs.
  private static List<Passage> wanted(Desk desk, String process, Set<String> held) {
    for (Iterator<Passage> waiting = desk.waiting.iterator(); waiting.hasNext(); ) {
      Passage passage = waiting.next();
      if (passage.dialled().isDone()) {
        waiting.remove();
      } else if (!held.contains(passage.id()) && passage.takenBy(process)) {
        return List.of(passage);
      }
    }
    return List.of();
  }

  /// A worker has connected.
  public void opened(Name worker, String process, String id) throws PassageGoneException {
    Passage passage = find(worker, process, id);
    passage.heard();
    if (!passage.dialled().complete(passage) && passage.dialled().isCompletedExceptionally()) {
      throw new PassageGoneException();
    }
  }

  /// A worker has not connected.
  public void refused(Name worker, String process, String id, PassageRefusedException.Reason reason)
      throws PassageGoneException {
    find(worker, process, id).dialled().completeExceptionally(new PassageRefusedException(reason));
  }

  /// A worker's passage.
  ///
  /// @throws PassageGoneException when there is none of that process
  public Passage find(Name worker, String process, String id) throws PassageGoneException {
    Passage passage = passages.get(id);
    if (passage == null || !isWorkers(passage, worker) || !passage.isOf(process)) {
      throw new PassageGoneException();
    }
    return passage;
  }

  /// Gives a worker what is to go to its target; see [Passage].
  ///
  /// @param from the place of the first byte; those before have been passed on
  public Passage.Piece take(
      Name worker, String process, String id, long from, int most, Duration patience)
      throws PassageGoneException, PassageConflictException, InterruptedException {
    return find(worker, process, id).take(from, most, shorter(patience));
  }

  /// Takes what a worker's target has said.
  ///
  /// @return the place up to which all is taken
  public long put(
      Name worker,
      String process,
      String id,
      long from,
      byte[] bytes,
      Passage.@Nullable End end,
      Duration patience)
      throws PassageGoneException, PassageConflictException, InterruptedException {
    return find(worker, process, id).put(from, bytes, end, shorter(patience));
  }

  private Duration shorter(Duration patience) {
    return patience.compareTo(limits.poll()) < 0 ? patience : limits.poll();
  }

  private static boolean isWorkers(Passage passage, Name worker) {
    return passage.worker().equals(worker.value());
  }

  // In time.

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK_MILLIS);
        long now = System.nanoTime();
        for (Passage passage : passages.values()) {
          if (passage.isOver(limits, now)) {
            passage.lose();
            forget(passage);
          }
        }
        forgetSilent(now);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void forgetSilent(long now) {
    desks
        .values()
        .removeIf(
            desk ->
                desk.asking == 0
                    && desk.waiting.isEmpty()
                    && now - desk.heardNanos > limits.resume().toNanos());
  }

  static String newId() {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  @Override
  public void close() {
    synchronized (this) {
      stopped = true;
      notifyAll();
    }
    watch.interrupt();
    passages.values().forEach(Passage::lose);
    passages.clear();
    channels.close();
  }
}
