package org.ongsung.recording;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.ongsung.model.SessionChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads recordings, whole, growing or cut short by a crash. Every method blocks.
public final class Recordings {
  private static final Logger LOG = LoggerFactory.getLogger(Recordings.class);

  private static final Duration FOLLOW_PAUSE = Duration.ofMillis(150);
  private static final int READ_BYTES = 16 << 10;

  /// The most recordings that are followed at once, inclusive.
  public static final int MAX_FOLLOWED = 200;

  /// What stands in a terminal's recording for typed text that was not echoed.
  public static final String HIDDEN_INPUT = TypedInput.MARK;

  /// The label of the marker that stands where the person begins to type on a fresh line.
  public static final String TYPING_BEGINS = "input";

  private final AtomicInteger following = new AtomicInteger();
  private final RecordingStore store;
  private final Predicate<RecordingId> grows;

  /// @param grows whether a recording is still being written, such as [Recorders#isOpen]
  public Recordings(RecordingStore store, Predicate<RecordingId> grows) {
    this.store = store;
    this.grows = grows;
  }

  /// The recording's text as far as it has been flushed: asciicast version 2 of a terminal, JSON
  /// lines of a command (see docs/guide/recordings.md). Whole lines only, also after a crash.
  ///
  /// @throws java.nio.file.NoSuchFileException when there is none, as for forwards and sftp
  public InputStream open(RecordingId id) throws IOException {
    // Continuous: a frame that a crash has cut short ends the text and is no error.
    return new WholeLines(new ZstdInputStreamNoFinalizer(store.open(id)).setContinuous(true));
  }

  /// A reader of the recording from its start, for whoever comes back again and again.
  public RecordingTail tail(RecordingId id) {
    return new RecordingTail(store, id);
  }

  /// Whether the recording is still being written, as far as this process knows.
  public boolean grows(RecordingId id) {
    return grows.test(id);
  }

  /// Tells `follower` every line from the start on, and each new one within half a second of its
  /// flush, until the recording is closed or the result of this is.
  ///
  /// @throws java.nio.file.NoSuchFileException when there is none
  /// @throws RecordUnavailableException when too many are followed already
  public AutoCloseable follow(RecordingId id, RecordingFollower follower) throws IOException {
    if (following.incrementAndGet() > MAX_FOLLOWED) {
      following.decrementAndGet();
      throw new RecordUnavailableException("too many recordings are being watched");
    }
    try {
      InputStream text = open(id);
      Thread thread =
          Thread.ofVirtual().name("follow-" + id).start(() -> follow(id, text, follower));
      return thread::interrupt;
    } catch (IOException | RuntimeException e) {
      following.decrementAndGet();
      throw e;
    }
  }

  private void follow(RecordingId id, InputStream text, RecordingFollower follower) {
    try (text) {
      boolean growing = true;
      while (growing) {
        // Asked before reading: what was written before the close is read after the answer.
        growing = grows.test(id);
        tellLines(text, follower);
        if (growing) {
          Thread.sleep(FOLLOW_PAUSE);
        }
      }
    } catch (IOException e) {
      LOG.warn("the recording {} cannot be followed any more", id, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      following.decrementAndGet();
      follower.ended();
    }
  }

  private static void tellLines(InputStream text, RecordingFollower follower)
      throws IOException, InterruptedException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    byte[] buffer = new byte[READ_BYTES];
    for (int n = text.read(buffer); n >= 0; n = text.read(buffer)) {
      int start = 0;
      for (int at = 0; at < n; at++) {
        if (buffer[at] == '\n') {
          line.write(buffer, start, at - start);
          follower.line(line.toString(StandardCharsets.UTF_8));
          line.reset();
          start = at + 1;
        }
      }
      line.write(buffer, start, n - start);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /// How a channel ended whose end nobody wrote, as far as its recording shows. Byte counts are
  /// those of the recorded text, which is less than what was sent where it was cut or hidden.
  public SessionChannel.End endOf(SessionChannel channel) {
    RecordingTotals totals = new RecordingTotals();
    RecordingId id = new RecordingId(channel.session(), channel.number());
    try (InputStream text = open(id)) {
      totals.read(text);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("the recording {} cannot be read: {}", id, e.toString());
    }
    Instant at = channel.openedAt().plus(Duration.ofNanos(totals.lastMicros() * 1_000));
    return new SessionChannel.End(
        at,
        null,
        null,
        totals.bytesFromClient(),
        totals.bytesToClient(),
        null,
        null,
        0,
        /* complete= */ false);
  }
}
