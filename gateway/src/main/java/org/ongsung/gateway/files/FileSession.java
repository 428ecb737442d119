package org.ongsung.gateway.files;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.OpenSession;
import org.ongsung.model.EndReason;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;

/// A person's session on the files of a target, from the reached target to the written end. Ends as
/// every session does: by [#close], by the target, or by the gateway. For any threads.
public final class FileSession implements AutoCloseable {
  private final OpenSession session;
  private final Semaphore transfers;

  // Guarded by this.
  private @Nullable Thread dialling;
  private @Nullable FileUpstream upstream;
  private boolean over;
  private boolean ended;

  FileSession(OpenSession session, FileLimits limits) {
    this.session = session;
    this.transfers = new Semaphore(limits.transfers());
  }

  void dial(FileDialler dialler) throws FileDialException, InterruptedException {
    synchronized (this) {
      dialling = Thread.currentThread();
    }
    session.onEnd(_ -> endedByGateway());
    FileUpstream dialled = null;
    try {
      dialled = dialler.dial(session);
    } finally {
      boolean late;
      synchronized (this) {
        dialling = null;
        upstream = dialled;
        late = over;
      }
      if (late) {
        Thread.interrupted(); // it came for the dial, which is over
        if (dialled != null) {
          dialled.close();
        }
      }
    }
    dialled.onClosed(() -> end(EndReason.Code.TARGET_LEFT));
  }

  private void endedByGateway() {
    synchronized (this) {
      over = true;
      if (dialling != null) {
        dialling.interrupt();
      }
    }
    end(EndReason.Code.GATEWAY_STOP); // its own reason stands
  }

  private void end(EndReason.Code why) {
    FileUpstream open;
    synchronized (this) {
      over = true;
      if (ended) {
        return;
      }
      ended = true;
      open = upstream;
    }
    if (open != null) {
      open.close();
    }
    session.end(SessionState.ENDED, EndReason.of(why));
  }

  public SessionId id() {
    return session.id();
  }

  /// The target's files. Whoever uses them has done something: the idle clock starts anew.
  public FileUpstream files() {
    session.touch();
    FileUpstream open;
    synchronized (this) {
      open = upstream;
    }
    if (open == null) {
      throw new IllegalStateException("not dialled");
    }
    return open;
  }

  /// The person is still at it, within something long.
  public void touch() {
    session.touch();
  }

  /// Takes a place for a transfer; false where all are taken. To be given back by [#transferred].
  public boolean transfer() {
    return transfers.tryAcquire();
  }

  public void transferred() {
    transfers.release();
  }

  public synchronized boolean isOver() {
    return over;
  }

  /// The person leaves.
  @Override
  public void close() {
    end(EndReason.Code.PERSON_LEFT);
  }
}
