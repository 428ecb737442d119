package org.ongsung.console.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.gateway.terminal.Spoken;
import org.ongsung.gateway.terminal.TerminalFront;
import org.ongsung.gateway.terminal.TerminalInput;
import org.ongsung.gateway.terminal.TerminalInputQueue;
import org.ongsung.gateway.terminal.TerminalRequest;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;

/// One terminal in a browser. The browser may be away for a while, or come by another way: both
/// directions are counted byte by byte, so that nothing is lost or said twice.
///
/// Output waits, and so does the target, while more than the limit has not been seen by the
/// browser. What is typed waits in a [TerminalInputQueue]; a browser learns what was taken from it
/// and has at most [#MAX_UNTAKEN_BYTES] under way, which always has room there.
///
/// Threads: any; see [TerminalFront] for its part.
public final class BrowserTerminal implements TerminalFront {
  /// How many bytes typed a browser may have under way before they are taken, inclusive; in at most
  /// [#MAX_UNTAKEN_MESSAGES] messages.
  public static final int MAX_UNTAKEN_BYTES = 32_768;

  /// How many messages with bytes typed may be under way, inclusive.
  public static final int MAX_UNTAKEN_MESSAGES = 64;

  private static final int CHUNK_BYTES = 16_384;
  private static final Duration LOOK = Duration.ofMillis(500);

  /// How a line to a browser ended.
  enum LineEnd {
    /// The terminal is over, and the browser has been told.
    OVER,
    /// The same person opened it elsewhere.
    ELSEWHERE,
    /// The login is over, or the gateway stops.
    LET_GO
  }

  private final String id;
  private final Name owner;
  private final Locale language;
  private final BrowserTerminalLimits limits;
  private final TerminalInputQueue typed = new TerminalInputQueue(() -> {});

  // Guarded by this.
  private final OutputLog output;
  private long typedBytes;
  private long takenBytes;
  private String session = "";
  private int watchers;
  private boolean hungUp;
  private boolean over;
  private boolean told;
  private @Nullable Visit visit;
  private long changedNanos = System.nanoTime();

  BrowserTerminal(String id, Name owner, Locale language, BrowserTerminalLimits limits) {
    this.id = id;
    this.owner = owner;
    this.language = language;
    this.limits = limits;
    this.output = new OutputLog(limits.unseenBytes());
  }

  /// Names it, and cannot be guessed.
  public String id() {
    return id;
  }

  Name owner() {
    return owner;
  }

  // The gateway's side.

  @Override
  public TerminalInput next() throws InterruptedException {
    TerminalInput next = typed.next();
    if (next instanceof TerminalInput.Typed bytes) {
      synchronized (this) {
        takenBytes += bytes.bytes().length;
        notifyAll();
      }
    }
    return next;
  }

  @Override
  public void awaitLeft() throws InterruptedException {
    typed.awaitLeft();
  }

  @Override
  public void show(byte[] bytes, int offset, int length) throws IOException {
    try {
      synchronized (this) {
        for (int done = 0; done < length; ) {
          while (output.room() == 0 && !hungUp) {
            wait();
          }
          if (hungUp) {
            throw new IOException("the browser is gone");
          }
          done += output.append(bytes, offset + done, length - done);
          notifyAll();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void tell(Spoken line) {
    byte[] said =
        ("\r\nongsung: " + line.in(language()).replace("\n", "\r\n") + "\r\n")
            .getBytes(StandardCharsets.UTF_8);
    try {
      show(said, 0, said.length);
    } catch (IOException e) {
      // Nobody is there to read it.
    }
  }

  @Override
  public void begun(SessionId begun) {
    synchronized (this) {
      session = begun.value();
      notifyAll();
    }
  }

  @Override
  public Locale language() {
    return language;
  }

  @Override
  public void hangUp() {
    synchronized (this) {
      hungUp = true;
      notifyAll();
    }
    typed.hangUp();
  }

  /// The session is over, and nothing more will be shown.
  void finished() {
    hangUp();
    synchronized (this) {
      over = true;
      changedNanos = System.nanoTime();
      notifyAll();
    }
  }

  // The browser's side.

  /// Takes what was typed, `at` bytes after the first that was ever typed; what is known already is
  /// left out.
  ///
  /// @throws HttpProblem 409 when something is missing in between; 429 when more is under way than
  ///   may be
  public void typed(long at, byte[] bytes) {
    synchronized (this) {
      long known = typedBytes - at;
      if (at < 0 || known < 0) {
        throw new HttpProblem(409, "gap", "something that was typed before is missing");
      }
      if (known >= bytes.length) {
        return;
      }
      int length = (int) (bytes.length - known);
      if (!typed.hasRoom()) {
        throw HttpProblem.busy(
            429,
            "too-fast",
            "the target has not taken what was typed before",
            Duration.ofSeconds(1));
      }
      byte[] fresh = new byte[length];
      System.arraycopy(bytes, (int) known, fresh, 0, length);
      typedBytes += length;
      typed.add(new TerminalInput.Typed(fresh));
    }
  }

  /// The same for a line on which nothing can be missing.
  void typed(byte[] bytes) {
    synchronized (this) {
      typed(typedBytes, bytes);
    }
  }

  /// The window has another size.
  public void resized(int columns, int rows) {
    typed.add(
        new TerminalInput.Resized(
            Math.clamp(columns, 1, TerminalRequest.MAX_CELLS),
            Math.clamp(rows, 1, TerminalRequest.MAX_CELLS)));
  }

  /// The browser has shown everything before `offset`.
  public synchronized void seen(long offset) {
    output.seen(offset);
    notifyAll();
  }

  /// The person leaves.
  public void leave() {
    synchronized (this) {
      if (hungUp) {
        return;
      }
      hungUp = true;
      notifyAll();
    }
    typed.add(new TerminalInput.Left());
  }

  /// Whether it has waited for a browser for too long, or waits for nothing any more.
  synchronized boolean isForgotten() {
    return visit == null && (told || System.nanoTime() - changedNanos > limits.absence().toNanos());
  }

  synchronized boolean isOver() {
    return over;
  }

  /// The session, once it began.
  synchronized String session() {
    return session;
  }

  /// How many people look on now.
  synchronized void watched(int people) {
    watchers = people;
    notifyAll();
  }

  /// One browser on the line. Guarded by the terminal.
  private static final class Visit {
    long at;
    boolean displaced;
    @Nullable TerminalState told;

    Visit(long at) {
      this.at = at;
    }
  }

  /// What a line does next.
  private sealed interface Step {
    /// Whoever takes the bytes owns them.
    final class Show implements Step {
      final byte[] bytes;

      Show(byte[] bytes) {
        this.bytes = bytes;
      }
    }

    record Tell(TerminalState state) implements Step {}

    record Wait() implements Step {}

    record Displaced() implements Step {}
  }

  /// Carries the terminal to a browser until either is over. Whoever was on the line before is off
  /// it.
  ///
  /// @param from what the browser has seen of the output; what is not kept any more is left out
  /// @param welcome whether the browser may stay; asked at every heartbeat
  LineEnd carry(long from, TerminalWire wire, BooleanSupplier welcome)
      throws IOException, InterruptedException {
    Visit mine;
    String first;
    synchronized (this) {
      if (visit != null) {
        visit.displaced = true;
      }
      long at = from < output.start() || from > output.end() ? output.start() : from;
      mine = new Visit(at);
      visit = mine;
      mine.told = state(mine);
      first = mine.told.json(at, typedBytes);
      notifyAll();
    }
    try {
      wire.state(first);
      return carry(mine, wire, welcome);
    } finally {
      synchronized (this) {
        if (visit == mine) {
          visit = null;
          changedNanos = System.nanoTime();
        }
      }
    }
  }

  private LineEnd carry(Visit mine, TerminalWire wire, BooleanSupplier welcome)
      throws IOException, InterruptedException {
    long quietSince = System.nanoTime();
    while (true) {
      switch (next(mine)) {
        case Step.Show show -> wire.output(show.bytes);
        case Step.Tell(TerminalState state) -> wire.state(state.json());
        case Step.Displaced _ -> {
          return LineEnd.ELSEWHERE;
        }
        case Step.Wait _ -> {
          if (hasTheEnd(mine)) {
            return LineEnd.OVER;
          }
          if (System.nanoTime() - quietSince > limits.heartbeat().toNanos()) {
            if (!welcome.getAsBoolean()) {
              return LineEnd.LET_GO;
            }
            wire.beat();
            quietSince = System.nanoTime();
          }
        }
      }
    }
  }

  private synchronized boolean hasTheEnd(Visit mine) {
    boolean all = mine.told != null && mine.told.over();
    told |= all;
    return all;
  }

  private synchronized Step next(Visit mine) throws InterruptedException {
    for (boolean waited = false; ; waited = true) {
      if (mine.displaced) {
        return new Step.Displaced();
      }
      mine.at = Math.max(mine.at, output.start()); // of what a browser says it has seen, no more
      if (mine.at < output.end()) {
        byte[] bytes = output.read(mine.at, CHUNK_BYTES);
        mine.at += bytes.length;
        return new Step.Show(bytes);
      }
      TerminalState now = state(mine);
      if (!now.equals(mine.told)) {
        mine.told = now;
        return new Step.Tell(now);
      }
      if (waited || now.over()) {
        return new Step.Wait();
      }
      TimeUnit.NANOSECONDS.timedWait(this, LOOK.toNanos());
    }
  }

  private TerminalState state(Visit mine) {
    return new TerminalState(takenBytes, session, watchers, over && mine.at == output.end());
  }
}
