package org.ongsung.fastcgi.server;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/// The body of one request between the connection that reads it and the handler that wants it.
/// Holds a body to the length that was announced and to the limit. Safe for one writer and one
/// reader at once.
final class BodyQueue {
  private final long announced;
  private final long limit;
  private final int buffered;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Content.Chunk> chunks = new ArrayDeque<>();
  private long waitingBytes;
  private long totalBytes;
  private boolean ended;
  private boolean unwanted;
  private @Nullable Throwable failure;

  /// @param announced `CONTENT_LENGTH`, or -1 when nobody said
  /// @param limit the most bytes there may be
  /// @param buffered how many may wait before [#isFull]
  BodyQueue(long announced, long limit, int buffered) {
    this.announced = announced;
    this.limit = limit;
    this.buffered = buffered;
  }

  /// Takes a piece; its bytes are copied.
  void add(ByteBuffer piece) {
    lock.lock();
    try {
      totalBytes += piece.remaining();
      if (announced >= 0 && totalBytes > announced) {
        lockedFail(new HttpException.RuntimeException(400, "the body is longer than announced"));
      } else if (totalBytes > limit) {
        lockedFail(new HttpException.RuntimeException(413, "the body is longer than allowed"));
      }
      if (unwanted || failure != null) {
        return;
      }
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      chunks.add(Content.Chunk.from(ByteBuffer.wrap(bytes), false));
      waitingBytes += bytes.length;
    } finally {
      lock.unlock();
    }
  }

  /// The front server says that this was all.
  void end() {
    lock.lock();
    try {
      ended = true;
      if (announced >= 0 && totalBytes < announced) {
        lockedFail(new HttpException.RuntimeException(400, "the body is shorter than announced"));
      }
    } finally {
      lock.unlock();
    }
  }

  /// No more will come; what waits is lost.
  void fail(Throwable cause) {
    lock.lock();
    try {
      lockedFail(cause);
    } finally {
      lock.unlock();
    }
  }

  private void lockedFail(Throwable cause) {
    failure = failure == null ? cause : failure;
    chunks.clear();
    waitingBytes = 0;
  }

  /// The next piece, the end, or the failure; null when the next has not come yet.
  Content.@Nullable Chunk poll() {
    lock.lock();
    try {
      if (unwanted) {
        return Content.Chunk.EOF;
      }
      if (failure != null) {
        return Content.Chunk.from(failure, true);
      }
      Content.Chunk chunk = chunks.poll();
      if (chunk != null) {
        waitingBytes -= chunk.remaining();
        return chunk;
      }
      return ended ? Content.Chunk.EOF : null;
    } finally {
      lock.unlock();
    }
  }

  /// From now on, what comes is dropped.
  void drop() {
    lock.lock();
    try {
      unwanted = true;
      chunks.clear();
      waitingBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  /// Whether [#poll] has something.
  boolean isReadable() {
    lock.lock();
    try {
      return unwanted || failure != null || ended || !chunks.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Whether its reader must catch up first.
  boolean isFull() {
    lock.lock();
    try {
      return waitingBytes >= buffered;
    } finally {
      lock.unlock();
    }
  }

  /// Whether the front server has sent all of it.
  boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }
}
