package org.ongsung.transcript.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ongsung.transcript.line.DroppedSession;
import org.ongsung.transcript.line.SearchableLine;
import org.ongsung.transcript.line.TranscriptStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The search over all transcripts of the database, through an index of this node's own that
/// follows it.
///
/// [#start] returns at once. One platform thread opens the index, brings in what is new, and
/// commits now and then; when anything fails it says so in the log and tries again. [#find] is for
/// any thread and blocks.
public final class TranscriptSearch implements LineFinder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TranscriptSearch.class);
  private static final long RETRY_SECONDS = 5;
  private static final long REFRESH_NANOS = 2_000_000_000;

  private final Path folder;
  private final TranscriptStore store;
  private final SearchLimits limits;
  private final Semaphore places;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable LineIndex index;
  private volatile long behind;
  private volatile long indexed;
  private long uncommitted;
  private long committedNanos;
  private long refreshedNanos;
  private boolean unseen;

  /// @param folder the index's own, made if it is not there
  public TranscriptSearch(Path folder, TranscriptStore store, SearchLimits limits) {
    this.folder = folder;
    this.store = store;
    this.limits = limits;
    this.places = new Semaphore(limits.searches());
    this.thread = Thread.ofPlatform().name("transcript-index").daemon().unstarted(this::work);
  }

  /// Begins to follow the database.
  public void start() {
    thread.start();
  }

  @Override
  public FoundLines find(LineQuery query) throws SearchBusyException {
    LineIndex open = index;
    if (open == null) {
      throw new SearchBusyException("the index is being opened");
    }
    try {
      if (!places.tryAcquire(limits.waiting().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SearchBusyException("too many searches run");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SearchBusyException("the search was interrupted");
    }
    try {
      return new LineSearch(query, limits).run(open);
    } catch (IOException e) {
      LOG.error("the index of transcripts cannot be read", e);
      throw new SearchBusyException("the index cannot be read");
    } finally {
      places.release();
    }
  }

  @Override
  public long behind() {
    return index == null ? -1 : behind;
  }

  /// The sequence of the last line that searches find; 0 while the index is being opened.
  public long indexed() {
    return indexed;
  }

  private void work() {
    while (!isClosing()) {
      try {
        follow();
      } catch (IOException | RuntimeException | Error e) {
        // An error of Java's, too: a thread that has stopped brings nothing in until a restart.
        if (!isClosing()) {
          LOG.error("the index of transcripts does not follow; it tries again", e);
        }
      } finally {
        closeIndex();
      }
      pause(RETRY_SECONDS * 1_000);
    }
  }

  private void follow() throws IOException {
    LineIndex open = LineIndex.open(folder, limits);
    index = open;
    committedNanos = System.nanoTime();
    startAnewIfOdd(open);
    while (!isClosing()) {
      boolean more = bringIn(open);
      commitIfDue(open, !more);
      if (!more) {
        pause(limits.look().toMillis());
      }
    }
    open.commit();
  }

  /// An index that knows more than the database was made of another one, such as before a restore.
  private void startAnewIfOdd(LineIndex open) throws IOException {
    boolean odd = open.last() > store.newest() && open.lastDropped() >= store.newestDropped();
    if (odd || open.lastDropped() > store.newestDropped()) {
      LOG.info("the index of transcripts is of another database and is made anew");
      open.restart();
    }
    if (open.last() == 0) {
      open.skipDropped(store.newestDropped());
    }
  }

  private boolean bringIn(LineIndex open) throws IOException {
    List<DroppedSession> dropped = store.droppedAfter(open.lastDropped(), limits.batchLines());
    List<SearchableLine> lines = store.after(open.last(), limits.batchLines());
    open.add(lines);
    open.drop(dropped);
    uncommitted += lines.size() + dropped.size();
    unseen |= !lines.isEmpty() || !dropped.isEmpty();
    boolean more = lines.size() == limits.batchLines();
    if (!more) {
      behind = 0;
    }
    refreshIfDue(open, more);
    return more;
  }

  private void refreshIfDue(LineIndex open, boolean more) throws IOException {
    long now = System.nanoTime();
    if (unseen && (!more || now - refreshedNanos >= REFRESH_NANOS)) {
      open.refresh();
      unseen = false;
      indexed = open.last();
      refreshedNanos = now;
      behind = more ? Math.max(0, store.newest() - open.last()) : 0;
    }
  }

  private void commitIfDue(LineIndex open, boolean resting) throws IOException {
    long now = System.nanoTime();
    boolean late = now - committedNanos >= limits.commit().toNanos();
    if (uncommitted >= limits.commitLines() || (uncommitted > 0 && late)) {
      open.commit();
      uncommitted = 0;
      committedNanos = now;
    } else if (late && resting) {
      committedNanos = now;
    }
  }

  private boolean isClosing() {
    return closed.getCount() == 0;
  }

  private void pause(long milliseconds) {
    try {
      boolean _ = closed.await(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closed.countDown();
    }
  }

  private void closeIndex() {
    LineIndex open = index;
    index = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException | RuntimeException e) {
        LOG.error("the index of transcripts did not close cleanly", e);
      }
    }
  }

  /// Commits what was brought in, and closes.
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
