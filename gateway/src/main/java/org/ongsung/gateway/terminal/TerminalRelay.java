package org.ongsung.gateway.terminal;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands bytes between a person's terminal and a target's, each way on a thread of its own, after
/// the record has them.
final class TerminalRelay {
  private static final Logger LOG = LoggerFactory.getLogger(TerminalRelay.class);
  private static final int BUFFER_BYTES = 16_384;

  /// How long a target may take what a person typed before they left.
  static final Duration TO_BE_TAKEN = Duration.ofSeconds(2);

  /// Who ended it.
  enum End {
    PERSON,
    TARGET,
    /// The connection to the target broke.
    TARGET_LOST
  }

  private final TerminalFront front;
  private final TerminalUpstream upstream;
  private final @Nullable TerminalTranslation translation;
  private final TerminalTap tap;
  private final Runnable touch;
  private volatile boolean personLeft;

  /// @param translation null where both sides have UTF-8
  /// @param touch called whenever the person did something
  TerminalRelay(
      TerminalFront front,
      TerminalUpstream upstream,
      @Nullable TerminalTranslation translation,
      TerminalTap tap,
      Runnable touch) {
    this.front = front;
    this.upstream = upstream;
    this.translation = translation;
    this.tap = tap;
    this.touch = touch;
  }

  /// Relays until either side ends; the upstream is closed then, and the person's side is not.
  End run() throws InterruptedException {
    Thread typing = Thread.ofVirtual().name("terminal-typing").start(this::typing);
    Thread leaving = Thread.ofVirtual().name("terminal-leaving").start(() -> leaving(typing));
    End end = End.TARGET_LOST;
    try {
      showing();
      end = End.TARGET;
    } catch (IOException e) {
      LOG.debug("the target's side ended: {}", e.toString());
    } finally {
      upstream.close();
      typing.interrupt();
      leaving.interrupt();
    }
    return personLeft ? End.PERSON : end;
  }

  /// Keeps nobody's session who has left only because the target takes nothing more.
  private void leaving(Thread typing) {
    try {
      front.awaitLeft();
      if (!typing.join(TO_BE_TAKEN)) {
        LOG.debug("the person has left, and the target takes nothing");
        personLeft = true;
        upstream.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is over
    }
  }

  private void showing() throws IOException, InterruptedException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int n;
    do {
      n = upstream.read(buffer);
      if (n > 0) {
        tap.fromTarget(buffer, 0, n);
      }
      try {
        show(buffer, n);
      } catch (IOException e) {
        LOG.debug("the person's side ended: {}", e.toString());
        personLeft = true;
        return;
      }
    } while (n >= 0);
  }

  /// @param length negative at the end
  private void show(byte[] bytes, int length) throws IOException {
    if (translation == null) {
      if (length > 0) {
        front.show(bytes, 0, length);
      }
      return;
    }
    byte[] text = length < 0 ? translation.shownLast() : translation.shown(bytes, 0, length);
    if (text.length > 0) {
      front.show(text, 0, text.length);
    }
  }

  private void type(byte[] bytes) throws IOException {
    byte[] text = translation == null ? bytes : translation.typed(bytes, 0, bytes.length);
    if (text.length > 0) {
      upstream.write(text, 0, text.length);
    }
  }

  private void typing() {
    try {
      while (true) {
        switch (front.next()) {
          case TerminalInput.Typed typed -> {
            touch.run();
            tap.fromClient(typed.bytes(), 0, typed.bytes().length);
            type(typed.bytes());
          }
          case TerminalInput.Resized size -> {
            tap.resized(size.columns(), size.rows());
            upstream.resize(size.columns(), size.rows());
          }
          case TerminalInput.Signalled signalled -> {
            touch.run();
            upstream.signal(signalled.signal());
          }
          case TerminalInput.Left _ -> {
            personLeft = true;
            upstream.close();
            return;
          }
        }
      }
    } catch (IOException e) {
      LOG.debug("the target takes nothing more: {}", e.toString()); // reading says why
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
