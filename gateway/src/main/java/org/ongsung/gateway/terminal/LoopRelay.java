package org.ongsung.gateway.terminal;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.loop.SelectorLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands bytes between a person's terminal and a target's that stand on one event loop, after the
/// record has them; no byte changes threads.
///
/// Either side is held while the record or the other side has no room.
final class LoopRelay {
  private static final Logger LOG = LoggerFactory.getLogger(LoopRelay.class);

  private final PersonOnLoop person;
  private final TargetOnLoop target;
  private final TerminalUpstream upstream;
  private final @Nullable TerminalTranslation translation;
  private final TerminalTap tap;
  private final Runnable touch;
  private final SelectorLoop loop;
  private final CompletableFuture<TerminalRelay.End> ended = new CompletableFuture<>();

  // Of the loop.
  private boolean recordFull;
  private boolean personFull;
  private boolean targetFull;
  private boolean personLeft;
  private boolean targetTakes = true;

  /// @param translation null where both sides have UTF-8
  /// @param touch called whenever the person did something
  LoopRelay(
      PersonOnLoop person,
      TargetOnLoop target,
      TerminalUpstream upstream,
      @Nullable TerminalTranslation translation,
      TerminalTap tap,
      Runnable touch) {
    this.person = person;
    this.target = target;
    this.upstream = upstream;
    this.translation = translation;
    this.tap = tap;
    this.touch = touch;
    this.loop = person.loop();
  }

  /// Relays until either side ends; the upstream is closed then, and the person's side is not.
  /// Blocks.
  TerminalRelay.End run() throws InterruptedException {
    loop.enqueue(this::begin);
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the relay failed", e.getCause());
    } finally {
      upstream.close();
    }
  }

  private void begin() {
    guarded(
        () -> {
          target.handTo(new FromTarget());
          person.handTo(new FromPerson());
        });
  }

  /// What fails by mistake ends the relay and not the loop.
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      ended.completeExceptionally(e);
    }
  }

  private void hold() {
    person.hold(recordFull || targetFull);
    target.hold(recordFull || personFull);
  }

  private void recordIsFull() {
    if (!recordFull) {
      recordFull = true;
      hold();
      tap.onRoom(() -> loop.enqueue(this::recordHasRoom));
    }
  }

  private void recordHasRoom() {
    recordFull = false;
    guarded(this::hold);
  }

  private final class FromPerson implements PersonOnLoop.Listener {
    @Override
    public void did(TerminalInput input) {
      guarded(() -> took(input));
    }

    private void took(TerminalInput input) {
      try {
        switch (input) {
          case TerminalInput.Typed typed -> typed(typed.bytes());
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
            target.closeWhenTaken();
          }
        }
      } catch (IOException e) {
        targetTakes = false;
        LOG.debug("the target takes nothing more: {}", e.toString()); // reading says why
      }
    }

    private void typed(byte[] bytes) throws IOException {
      touch.run();
      if (!tap.tookFromClient(bytes, 0, bytes.length)) {
        recordIsFull();
      }
      byte[] text = translation == null ? bytes : translation.typed(bytes, 0, bytes.length);
      if (text.length > 0 && targetTakes && !target.type(text, 0, text.length)) {
        targetFull = true;
        hold();
      }
    }

    @Override
    public void left() {
      // Keeps nobody's session who has left only because the target takes nothing more.
      guarded(() -> loop.schedule(TerminalRelay.TO_BE_TAKEN, this::notTaken));
    }

    private void notTaken() {
      if (!ended.isDone()) {
        LOG.debug("the person has left, and the target takes nothing");
        ended.complete(TerminalRelay.End.PERSON);
      }
    }

    @Override
    public void roomToShow() {
      personFull = false;
      guarded(LoopRelay.this::hold);
    }
  }

  private final class FromTarget implements TargetOnLoop.Listener {
    @Override
    public void showed(byte[] bytes, int offset, int length) {
      guarded(
          () -> {
            if (!tap.tookFromTarget(bytes, offset, length)) {
              recordIsFull();
            }
            if (translation == null) {
              show(bytes, offset, length);
            } else {
              show(translation.shown(bytes, offset, length));
            }
          });
    }

    private void show(byte[] text) {
      show(text, 0, text.length);
    }

    private void show(byte[] bytes, int offset, int length) {
      if (length == 0) {
        return;
      }
      try {
        if (!person.show(bytes, offset, length)) {
          personFull = true;
          hold();
        }
      } catch (IOException e) {
        LOG.debug("the person's side ended: {}", e.toString());
        ended.complete(TerminalRelay.End.PERSON);
      }
    }

    @Override
    public void roomToType() {
      targetFull = false;
      guarded(LoopRelay.this::hold);
    }

    @Override
    public void over(@Nullable IOException why) {
      guarded(
          () -> {
            if (why != null) {
              LOG.debug("the target's side ended: {}", why.toString());
            } else if (translation != null) {
              show(translation.shownLast());
            }
            ended.complete(end(why));
          });
    }

    private TerminalRelay.End end(@Nullable IOException why) {
      if (personLeft) {
        return TerminalRelay.End.PERSON;
      }
      return why == null ? TerminalRelay.End.TARGET : TerminalRelay.End.TARGET_LOST;
    }
  }
}
